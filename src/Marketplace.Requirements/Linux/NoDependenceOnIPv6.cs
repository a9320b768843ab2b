using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2025: what the guide says of IPv6 is told where it is on.</summary>
internal sealed class NoDependenceOnIPv6 : LinuxRequirement
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Directories = ["/etc/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

    public override string Id => "MKT2025";

    public override string Title => "IPv6";

    public override string Section => "2.7";

    public override Criterion Guide { get; } = new(Severity.Info, "nothing depends on IPv6, which Azure did not support in 2015", "Guide, 2.7");

    public override string Why => "A service that listens on IPv6 only could not be reached in 2015. Today Azure has IPv6 in virtual networks that ask for it";

    public override string Remedy => "nothing has to be done; net.ipv6.conf.all.disable_ipv6 = 1 in /etc/sysctl.d switches it off";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system) => IsOff(system.Tree)
        ? CheckResult.Passed
        : CheckResult.From(new Observation(disk, "IPv6 is on, as distributions have it; the guide says that it does not work in Azure"));

    /// <summary>sysctl.d(5): of one name the first directory decides, /etc/sysctl.conf comes last, the last value counts.</summary>
    private static bool IsOff(FileTree tree)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
            {
                files.TryAdd(name, $"{directory}/{name}");
            }
        }

        string value = "";
        foreach (TextLine line in files.Values.Append("/etc/sysctl.conf").Where(tree.FileExists).SelectMany(path => TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? "")))
        {
            string[] parts = line.Text.Split('=', 2);
            value = parts.Length == 2 && parts[0].Trim().TrimStart('-').Replace('/', '.') == "net.ipv6.conf.all.disable_ipv6" ? parts[1].Trim() : value;
        }

        return value == "1";
    }
}
