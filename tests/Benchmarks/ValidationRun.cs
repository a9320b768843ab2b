using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Marketplace.DiskImages.Testing;
using Marketplace.Requirements;
using Marketplace.Requirements.Model;

namespace Benchmarks;

/// <summary>Validates a Linux image by every requirement, in a process of its own and from the cold: processor time, bytes read, memory.</summary>
/// <param name="Name">The group first.</param>
/// <param name="Packed">The disk, a path inside the repository; empty when <paramref name="File"/> is one that is there.</param>
/// <param name="File">A disk of the caller's; empty when it is made of <paramref name="Packed"/>.</param>
internal sealed record ValidationRun(string Name, string Packed, string File = "")
{
    /// <summary>Names the work in the arguments of this program when it is started again.</summary>
    public const string Verb = "--validate";

    /// <summary>The head of the table.</summary>
    public const string Header = """
        | benchmark | disk | requirements answered | median (ms) | slowest (ms) | processor, with process start, mean (ms) | read (MiB) | peak memory (MiB) |
        |---|---|---|---|---|---|---|---|
        """;

    private const double MiB = 1 << 20;

    public static ValidationRun[] All =>
    [
        new("validate-30gib-ext4", "samples/ContosoAppliance/disks/os.sparse.gz"),
        new("validate-30gib-xfs", "tests/fixtures/layouts/disks/xfs.sparse.gz"),
        new("validate-30gib-btrfs", "tests/fixtures/layouts/disks/btrfs-snapshot.sparse.gz"),
        new("validate-30gib-lvm-xfs", "tests/fixtures/layouts/disks/lvm-xfs.sparse.gz"),
    ];

    /// <summary>The line of the table.</summary>
    public string Run(string folder, int rounds)
    {
        string path = File.Length > 0 ? File : Path.Combine(folder, Name + ".vhd");
        if (Packed.Length > 0)
        {
            ImageFile.Expand(path, () => Fixture.LoadFile(Path.Combine(ImageFile.Repository, Packed)));
        }

        double[] times = new double[rounds];
        Measured measured = new(0, 0, 0, 0);
        double cpu = CpuTime.Seconds;
        for (int i = 0; i < rounds; i++)
        {
            ColdCache.Drop();
            long start = Stopwatch.GetTimestamp();
            string line = Tool.RunSelf(Verb, path);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            measured = JsonSerializer.Deserialize<Measured>(line)!;
        }

        cpu = (CpuTime.Seconds - cpu) / rounds;
        return string.Create(CultureInfo.InvariantCulture, $"| {Name} | {new FileInfo(path).Length >> 30} GiB | {measured.Answered} of {measured.Requirements} | {PairedRounds.Median(times):F0} | {times.Max():F0} | {cpu * 1000:F0} | {measured.BytesRead / MiB:F1} | {measured.PeakMemory / MiB:F0} |");
    }

    /// <summary>Validates the disk in this process and says in one line of JSON what it took.</summary>
    public static string Validate(string path)
    {
        // rchar of proc_pid_io(5) counts what was read by calls, whether or not a cache had it; loading .NET reads by maps and by calls.
        long before = Counter("/proc/self/io", "rchar:");
        ValidationReport report = ImageValidator.Validate(
            new ImageDeclaration
            {
                ProjectFile = path + ".vmproj",
                OSDisks = [new DiskDeclaration { Path = path, DisplayPath = path }],
                DataDisks = [],
                Version = "1.0.0",
                Publisher = "contoso",
                Offer = "appliance",
                Sku = "standard",
                OSFamily = "Linux",
                OperatingSystem = "Linux",
                RecommendedSizes = ["Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5"],
            },
            new ValidationOptions(),
            CancellationToken.None);
        int answered = report.Count(Outcome.Passed) + report.Count(Outcome.Failed) + report.Count(Outcome.NotApplicable);
        return JsonSerializer.Serialize(new Measured(answered, report.Results.Count, Counter("/proc/self/io", "rchar:") - before, Counter("/proc/self/status", "VmHWM:") << 10));
    }

    private static long Counter(string file, string name) =>
        long.Parse(System.IO.File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    /// <summary>What one validation took; sizes in bytes.</summary>
    private sealed record Measured(int Answered, int Requirements, long BytesRead, long PeakMemory);
}
