using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>Which services start at boot: systemd wants links and presets (systemd.unit(5), systemd.preset(5)), System V start links, Upstart jobs and OpenRC runlevels.</summary>
/// <param name="tree">The files of the system.</param>
internal sealed class ServiceFacts(FileTree tree)
{
    /// <summary>Where units are looked for; the first directory that has a name decides.</summary>
    public static readonly string[] UnitDirectories =
        ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    private static readonly string[] StartLinkDirectories =
        ["/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rc.d/rc2.d", "/etc/rc.d/rc3.d", "/etc/rc.d/rc4.d", "/etc/rc.d/rc5.d", "/etc/init.d/rc3.d", "/etc/init.d/rc5.d"];

    // Directories that pull their units in when the unit they belong to starts.
    private static readonly string[] PullingSuffixes = [".wants", ".requires", ".upholds"];

    private const int MaxUnitBytes = 1 << 20;

    // What these targets want does not start in an ordinary boot.
    private static readonly string[] OtherTargets = ["rescue.", "emergency.", "shutdown.", "reboot.", "poweroff.", "halt.", "kexec.", "suspend.", "hibernate.", "sleep."];

    /// <summary>The file that makes the service start at boot, or null when none does.</summary>
    /// <param name="units">Unit names without suffix, for example <c>waagent</c>.</param>
    /// <param name="suffixes">Suffixes of the units, for example <c>.service</c>.</param>
    public string? FindEnablement(IReadOnlyList<string> units, IReadOnlyList<string> suffixes)
    {
        string[] names = [.. units.SelectMany(unit => suffixes.Select(suffix => unit + suffix))];
        string[] known = [.. names.Where(name => FindUnit(name) is not null && MaskOf(name) is null)];
        foreach (string wants in PullingDirectories.Where(path => IsBootDirectory(path, names)))
        {
            if (tree.List(wants).FirstOrDefault(known.Contains) is { } found)
            {
                return wants + "/" + found;
            }
        }

        if ((FindDropIn(known) ?? FindPreset(known)) is { } other)
        {
            return other;
        }

        // A unit of systemd hides the script of the same name.
        string[] scripts = [.. units.Where(unit => FindUnit(unit + ".service") is null)];
        return FindStartLink(scripts)
            ?? scripts.Where(unit => !IsManual(unit)).Select(unit => $"/etc/init/{unit}.conf").FirstOrDefault(tree.FileExists)
            ?? scripts.Select(unit => $"/etc/runlevels/default/{unit}").FirstOrDefault(path => tree.LinkStat(path) is not null);
    }

    /// <summary>The path of the unit file, or null when there is none.</summary>
    /// <param name="name">Name with suffix.</param>
    public string? FindUnit(string name) =>
        UnitDirectories.Select(directory => directory + "/" + name).FirstOrDefault(path => tree.Stat(path) is not null || IsMaskLink(path));

    /// <summary>The path that masks the unit (a link to /dev/null or an empty file), or null when it is not masked.</summary>
    /// <param name="name">Name with suffix.</param>
    public string? MaskOf(string name)
    {
        // The first directory that has the name decides.
        foreach (string directory in UnitDirectories)
        {
            string path = directory + "/" + name;
            if (IsMaskLink(path) || tree.Stat(path) is { Kind: FileKind.Regular, Size: 0 })
            {
                return path;
            }

            if (tree.LinkStat(path) is not null)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether the unit is a file of its own, neither masked nor another name of some unit.</summary>
    /// <param name="name">Name with suffix.</param>
    public bool HasOwnUnit(string name) =>
        MaskOf(name) is null && UnitDirectories.Any(directory => tree.LinkStat(directory + "/" + name) is { Kind: FileKind.Regular });

    /// <summary>Every directory of links that pull units in: <c>multi-user.target.wants</c> and its like, those of the administrator first.</summary>
    public IEnumerable<string> PullingDirectories => UnitDirectories.SelectMany(directory => tree.List(directory)
        .Where(name => PullingSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
        .Select(name => directory + "/" + name));

    /// <summary>The text of a unit followed by that of its drop-ins, in the order systemd applies them; empty when there is no such unit.</summary>
    /// <param name="name">Name with suffix.</param>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public string ReadUnit(string name)
    {
        if (MaskOf(name) is not null || FindUnit(name) is not { } path)
        {
            return "";
        }

        SortedDictionary<string, string> dropIns = new(StringComparer.Ordinal);
        foreach (string directory in UnitDirectories.Select(directory => $"{directory}/{name}.d"))
        {
            foreach (string file in tree.List(directory).Where(file => file.EndsWith(".conf", StringComparison.Ordinal)))
            {
                dropIns.TryAdd(file, directory + "/" + file);
            }
        }

        return string.Join('\n', dropIns.Values.Prepend(path).Select(file => tree.ReadAllText(file, MaxUnitBytes)));
    }

    private static bool IsBootDirectory(string path, string[] names)
    {
        string owner = path[(path.LastIndexOf('/') + 1)..];
        return !OtherTargets.Any(target => owner.StartsWith(target, StringComparison.Ordinal))
            && !names.Any(name => owner.StartsWith(name + ".", StringComparison.Ordinal)); // what only itself pulls in does not start
    }

    /// <summary>A drop-in of a target of the ordinary boot that wants the unit.</summary>
    private string? FindDropIn(string[] known)
    {
        foreach (string directory in UnitDirectories.SelectMany(directory => (string[])[$"{directory}/multi-user.target.d", $"{directory}/default.target.d", $"{directory}/basic.target.d", $"{directory}/sysinit.target.d"]))
        {
            foreach (string path in tree.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)).Select(name => directory + "/" + name))
            {
                string text = tree.ReadAllText(path, MaxUnitBytes) ?? "";
                if (UnitFile.ValuesOf(text, "Unit", "Wants").Concat(UnitFile.ValuesOf(text, "Unit", "Requires")).SelectMany(UnitFile.WordsOf).Any(known.Contains))
                {
                    return path;
                }
            }
        }

        return null;
    }

    /// <summary>The preset by which the first boot enables the unit, which therefore has an [Install] section.</summary>
    private string? FindPreset(string[] known)
    {
        if (known.Length == 0 || ServicePresets.Read(tree) is not { } presets)
        {
            return null;
        }

        return known
            .Where(name => ReadUnit(name) is var text && ((string[])["WantedBy", "RequiredBy", "UpheldBy"])
                .SelectMany(key => UnitFile.ValuesOf(text, "Install", key)).SelectMany(UnitFile.WordsOf)
                .Any(target => !OtherTargets.Any(other => target.StartsWith(other, StringComparison.Ordinal))))
            .Select(presets.EnabledBy)
            .FirstOrDefault(path => path is not null);
    }

    /// <summary>Whether an override keeps an Upstart job from starting (init(5), Override File Handling).</summary>
    private bool IsManual(string unit) =>
        TextLines.Of(tree.ReadAllText($"/etc/init/{unit}.override", MaxUnitBytes) ?? "").Any(line => line.Text.Trim() == "manual");

    private bool IsMaskLink(string path)
    {
        if (tree.LinkStat(path) is not { Kind: FileKind.SymbolicLink } || tree.ReadLink(path) is not { } target)
        {
            return false;
        }

        // systemctl writes an absolute link; systemd takes a relative one as well.
        List<string> names = [];
        foreach (string name in (target.StartsWith('/') ? target : path[..path.LastIndexOf('/')] + "/" + target).Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return names is ["dev", "null"];
    }

    private string? FindStartLink(string[] scripts)
    {
        foreach (string directory in StartLinkDirectories)
        {
            string? link = tree.List(directory).FirstOrDefault(name =>
                name.Length > 3 && name[0] == 'S' && char.IsAsciiDigit(name[1]) && char.IsAsciiDigit(name[2]) && scripts.Contains(name[3..]) && tree.FileExists(directory + "/" + name));
            if (link is not null)
            {
                return directory + "/" + link;
            }
        }

        return null;
    }
}
