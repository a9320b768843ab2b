using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>
/// What systemd enables by itself at the first boot: units whose preset says so (systemd.preset(5)). The boot is the first
/// one when /etc/machine-id is missing or says <c>uninitialized</c>; an empty file is none (machine-id(5)).
/// </summary>
internal sealed class ServicePresets
{
    // A name in an earlier directory hides that name in the later ones.
    private static readonly string[] Directories = ["/etc/systemd/system-preset", "/usr/local/lib/systemd/system-preset", "/usr/lib/systemd/system-preset", "/lib/systemd/system-preset"];

    private const int MaxFiles = 256;
    private const int MaxBytes = 256 * 1024;

    private readonly IReadOnlyList<(string Path, bool Enables, string Pattern)> _rules;

    private ServicePresets(IReadOnlyList<(string, bool, string)> rules) => _rules = rules;

    /// <summary>The presets the next boot applies; null when it applies none, because it is not a first boot.</summary>
    public static ServicePresets? Read(FileTree tree)
    {
        if (tree.LinkStat("/etc/machine-id") is not null && tree.ReadAllText("/etc/machine-id", 4096)?.Trim() != "uninitialized")
        {
            return null;
        }

        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".preset", StringComparison.Ordinal)).Take(MaxFiles))
            {
                files.TryAdd(name, directory + "/" + name);
            }
        }

        List<(string, bool, string)> rules = [];
        foreach (string path in files.Values)
        {
            foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? ""))
            {
                // A rule may name instances after the pattern.
                string[] words = line.Text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
                if (words is ["enable" or "disable", var pattern, ..])
                {
                    rules.Add((path, words[0] == "enable", pattern));
                }
            }
        }

        return new ServicePresets(rules);
    }

    /// <summary>The file of the rule that enables the unit; null when a rule disables it, and when none names it.</summary>
    /// <param name="unit">Name with suffix.</param>
    /// <remarks>
    /// systemd enables what no rule is about. That is not relied on: it would start every service that somebody disabled by hand,
    /// and whether a distribution lets it happen cannot be seen on the disk.
    /// </remarks>
    public string? EnabledBy(string unit)
    {
        // The first rule that fits decides.
        foreach ((string path, bool enables, string pattern) in _rules)
        {
            if (Glob.IsMatch(unit, pattern))
            {
                return enables && pattern != "*" ? path : null;
            }
        }

        return null;
    }
}
