using Marketplace.DiskImages.Executables;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The driver of the SMB server, whose version tells whether it has the hole of MS17-010.</summary>
/// <param name="Path">Path of the driver.</param>
/// <param name="Version">Its version; null when it has none.</param>
internal sealed record SmbDriver(string Path, Version? Version)
{
    // The hole is in srv.sys, which is not there when version 1 of the protocol is not installed; srv2.sys is then what can be compared.
    private static readonly string[] Paths = ["/Windows/System32/drivers/srv.sys", "/Windows/System32/drivers/srv2.sys"];

    // How to verify that MS17-010 is installed (support article 4023262); VM certification FAQ (2022).
    private static readonly Dictionary<int, Version> Floors = new()
    {
        [WindowsBuilds.Server2008R2] = new Version(6, 1, 7601, 23689),
        [WindowsBuilds.Server2012] = new Version(6, 2, 9200, 22099),
        [WindowsBuilds.Server2012R2] = new Version(6, 3, 9600, 18604),
        [WindowsBuilds.Server2016] = new Version(10, 0, 14393, 953),
    };

    /// <summary>The first version without the hole; null for builds that never had it.</summary>
    public static Version? FloorOf(int build) => Floors.GetValueOrDefault(build);

    /// <summary>Finds the driver; null when neither is installed.</summary>
    /// <exception cref="DiskImages.DiskFormatException">It cannot be read.</exception>
    public static SmbDriver? Read(WindowsSystem system) =>
        Paths.FirstOrDefault(system.Tree.FileExists) is { } path ? new SmbDriver(path, PortableExecutable.Open(system.Tree, path)?.ReadFileVersion()) : null;
}
