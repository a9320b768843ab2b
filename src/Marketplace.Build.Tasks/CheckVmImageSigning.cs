using Marketplace.Publishing.Signing;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Refuses, before anything is uploaded, what would make the signing fail afterwards. Sends nothing.</summary>
public sealed class CheckVmImageSigning : StorageTask
{
    /// <summary>The levels, separated by semicolons: they decide the scheme.</summary>
    public string Requirements { get; set; } = "";

    /// <summary>The file the URIs will be written to.</summary>
    [Required]
    public string SasFile { get; set; } = "";

    /// <inheritdoc />
    protected override string WhatCancellationLeaves => "Nothing was sent.";

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        SasIssuer.CheckBeforeUpload(Target(), Environment.GetEnvironmentVariable, SigningPolicy(Requirements), Absolute(SasFile), TimeProvider.System);
        return Task.CompletedTask;
    }
}
