using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Stops the emulator that <see cref="StartStorageEmulator"/> started in this build.</summary>
public sealed class StopStorageEmulator : VmImageTask
{
    /// <summary>Where the emulator keeps its blobs.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var key = StartStorageEmulator.KeyFor(Absolute(DataDirectory));
        (BuildEngine4.UnregisterTaskObject(key, RegisteredTaskObjectLifetime.Build) as IDisposable)?.Dispose();
        return Task.CompletedTask;
    }
}
