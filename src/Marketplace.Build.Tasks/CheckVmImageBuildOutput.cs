using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Build.Tasks.Manifest;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Refuses to publish anything but what the last build of this configuration validated.</summary>
public sealed class CheckVmImageBuildOutput : VmImageTask
{
    /// <summary>The manifest of the build.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>The version to publish.</summary>
    public string Version { get; set; } = "";

    /// <summary>Hash of what the project declares now.</summary>
    [Required]
    public string InputsHash { get; set; } = "";

    /// <summary>The configuration, for the remedy.</summary>
    public string Configuration { get; set; } = "";

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var build = $"Run \"dotnet build -c {Configuration}\" first, or publish without --no-build.";
        var manifest = VmImageManifest.Read(Absolute(ManifestFile));
        if (manifest is null)
        {
            Diagnostics.Error(
                SdkCodes.NoBuildOutput,
                $"There is no output of a {Configuration} build that passed ('{ManifestFile}'). Only a validated image is published. {build}");
        }
        else if (!string.Equals(manifest.Version, Version, StringComparison.Ordinal))
        {
            Diagnostics.Error(
                SdkCodes.StaleBuildOutput,
                $"Version {Version} is to be published, but the last {Configuration} build validated version {manifest.Version}. {build}");
        }
        else if (manifest.Disks.FirstOrDefault(disk => !disk.IsUnchanged(ProjectDirectory)) is { } changed)
        {
            Diagnostics.Error(
                SdkCodes.StaleBuildOutput,
                $"The disk '{changed.Path}' changed after the last {Configuration} build validated it. {build}",
                changed.AbsolutePath(ProjectDirectory));
        }
        else if (!string.Equals(manifest.InputsHash, InputsHash, StringComparison.Ordinal))
        {
            Diagnostics.Error(
                SdkCodes.StaleBuildOutput,
                $"The disks, their metadata or the VmImage properties of the project are not those that the last {Configuration} build validated. {build}");
        }

        return Task.CompletedTask;
    }
}
