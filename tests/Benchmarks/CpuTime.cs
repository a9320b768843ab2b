using System.Globalization;

namespace Benchmarks;

/// <summary>Processor time in seconds, which says more than the clock on a machine that does other work.</summary>
internal static class CpuTime
{
    private const double TicksPerSecond = 100;

    /// <summary>That of this process and of all processes it has started and waited for; what the kernel does on its own threads is not in it. Not a number where it is not told.</summary>
    public static double Seconds => OperatingSystem.IsLinux() ? Environment.CpuUsage.TotalTime.TotalSeconds + Children() : double.NaN;

    // proc_pid_stat(5): cutime and cstime are fields 16 and 17; the name, field 2, ends with the last parenthesis.
    private static double Children()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
