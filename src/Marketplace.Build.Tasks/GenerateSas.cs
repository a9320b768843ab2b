using System.Globalization;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing.Signing;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;

namespace Marketplace.Build.Tasks;

public sealed partial class GenerateSas : StorageTask
{
    /// <inheritdoc />
    protected override string WhatCancellationLeaves => "The disks are uploaded, nothing was registered. Run the command again to finish what is left.";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        var signed = await SasIssuer.IssueAsync(connection, [.. Disks.Select(UploadedDiskItem.Parse)], SigningPolicy(Requirements), TimeProvider.System, cancellationToken);

        // The same rules that judge URIs from elsewhere: nothing is handed out that they refuse.
        var findings = SignatureRules.Judge(
            [.. signed.Select(disk => new SuppliedSasUri(disk.Uri.AbsoluteUri, ProjectFile, "the signed URI"))],
            ProjectFile,
            new ValidationOptions { Levels = Requirements });
        foreach (var finding in findings)
        {
            Diagnostics.Finding(finding);
        }

        if (findings.Any(finding => finding.Severity == Severity.Error))
        {
            return;
        }

        if (TryWrite(Absolute(SasFile), path => SasIssuer.WriteFile(path, signed)))
        {
            Diagnostics.Detail(string.Create(CultureInfo.InvariantCulture, $"{signed.Count} signed URI(s), the first to expire on {signed.Min(disk => disk.Expires):u}"));
        }
    }
}
