using System.Globalization;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing.Signing;

namespace Marketplace.Build.Tasks;

public sealed partial class GenerateSas : StorageTask
{
    /// <inheritdoc />
    protected override string WhatCancellationLeaves => "The disks are uploaded, nothing was registered. Run the command again to finish what is left.";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        var policy = SasIssuer.PolicyFor(Requirements, TimeProvider.System.GetUtcNow());
        var signed = await SasIssuer.IssueAsync(connection, [.. Disks.Select(UploadedDiskItem.Parse)], policy, TimeProvider.System, cancellationToken);
        if (TryWrite(Absolute(SasFile), path => SasIssuer.WriteFile(path, signed)))
        {
            Diagnostics.Detail(string.Create(CultureInfo.InvariantCulture, $"{signed.Count} signed URI(s), the first to expire on {signed.Min(disk => disk.Expires):u}"));
        }
    }
}
