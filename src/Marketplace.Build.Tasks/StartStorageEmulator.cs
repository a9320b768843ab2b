using Marketplace.Publishing.Emulator;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Starts the storage emulator for the rest of the build; <see cref="StopStorageEmulator"/>, or else the end of the build, stops it.</summary>
public sealed class StartStorageEmulator : VmImageTask
{
    /// <summary>Where the pinned emulator is, or will be, installed; empty for the folder all projects of the user share.</summary>
    public string InstallDirectory { get; set; } = "";

    /// <summary>Where the emulator keeps its blobs.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>The blob endpoint.</summary>
    [Output]
    public string Endpoint { get; private set; } = "";

    /// <summary>What the emulator of a data directory is registered under with MSBuild.</summary>
    /// <param name="dataDirectory">Absolute path.</param>
    internal static object KeyFor(string dataDirectory) => (typeof(StorageEmulator), dataDirectory);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var dataDirectory = Absolute(DataDirectory);
        var installDirectory = InstallDirectory.Length > 0 ? Absolute(InstallDirectory) : StorageEmulator.DefaultInstallDirectory;
        var emulator = await StorageEmulator.StartAsync(installDirectory, dataDirectory, Diagnostics.Line, Environment.GetEnvironmentVariable, cancellationToken);

        // Disposed by MSBuild when the build ends, in whatever way, unless StopStorageEmulator came first.
        BuildEngine4.RegisterTaskObject(KeyFor(dataDirectory), emulator, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        Endpoint = emulator.Endpoint.AbsoluteUri;
        Diagnostics.Detail($"The storage emulator answers at {Endpoint}");
    }
}
