namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>The disks of the good sample: real file systems, so that a build of them passes.</summary>
internal static class SampleDisks
{
    private static readonly Lazy<string> SharedOSDisk = new(() => ExpandOSDisk(Path.Combine(PackedSdk.RunFolder, "disks", "os.vhd")));
    private static readonly Lazy<string> SharedDataDisk = new(() => Expand("data", Path.Combine(PackedSdk.RunFolder, "disks", "data.vhd")));

    /// <summary>An OS disk that tests only read.</summary>
    public static string OSDisk => SharedOSDisk.Value;

    /// <summary>A data disk that tests only read.</summary>
    public static string DataDisk => SharedDataDisk.Value;

    /// <summary>Makes an OS disk that a test may change.</summary>
    public static string ExpandOSDisk(string path) => Expand("os", path);

    /// <summary>Makes the OS disk of the broken sample.</summary>
    public static string ExpandBrokenOSDisk(string path)
    {
        SparseDisk.Expand(path, Repository.Path("samples", "ContosoAppliance", "disks", "os.sparse.gz"), Repository.Path("samples", "BrokenAppliance", "disks", "os.delta.sparse.gz"));
        return path;
    }

    private static string Expand(string disk, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SparseDisk.Expand(path, Repository.Path("samples", "ContosoAppliance", "disks", $"{disk}.sparse.gz"));
        return path;
    }
}
