using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>Which services start at boot: systemd wants links, System V start links, Upstart jobs and OpenRC runlevels.</summary>
/// <param name="tree">The files of the system.</param>
internal sealed class ServiceFacts(FileTree tree)
{
    private static readonly string[] UnitDirectories =
        ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    private static readonly string[] StartLinkDirectories =
        ["/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rc.d/rc2.d", "/etc/rc.d/rc3.d", "/etc/rc.d/rc4.d", "/etc/rc.d/rc5.d", "/etc/init.d/rc3.d", "/etc/init.d/rc5.d"];

    // What these targets want does not start in an ordinary boot.
    private static readonly string[] OtherTargets = ["rescue.", "emergency.", "shutdown.", "reboot.", "poweroff.", "halt.", "kexec.", "suspend.", "hibernate.", "sleep."];

    /// <summary>The file that makes the service start at boot, or null when none does.</summary>
    /// <param name="units">Unit names without suffix, for example <c>waagent</c>.</param>
    /// <param name="suffixes">Suffixes of the units, for example <c>.service</c>.</param>
    public string? FindEnablement(IReadOnlyList<string> units, IReadOnlyList<string> suffixes)
    {
        string[] names = [.. units.SelectMany(unit => suffixes.Select(suffix => unit + suffix))];
        string[] known = [.. names.Where(name => FindUnit(name) is not null && MaskOf(name) is null)];
        foreach (string directory in UnitDirectories)
        {
            foreach (string wants in tree.List(directory).Where(IsBootDirectory))
            {
                if (tree.List(directory + "/" + wants).FirstOrDefault(known.Contains) is { } found)
                {
                    return $"{directory}/{wants}/{found}";
                }
            }
        }

        // A unit of systemd hides the script of the same name.
        string[] scripts = [.. units.Where(unit => FindUnit(unit + ".service") is null)];
        return FindStartLink(scripts)
            ?? scripts.Select(unit => $"/etc/init/{unit}.conf").FirstOrDefault(path => tree.FileExists(path))
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

    private static bool IsBootDirectory(string name) =>
        (name.EndsWith(".wants", StringComparison.Ordinal) || name.EndsWith(".requires", StringComparison.Ordinal)) &&
        !OtherTargets.Any(target => name.StartsWith(target, StringComparison.Ordinal));

    private bool IsMaskLink(string path) => tree.LinkStat(path) is { Kind: FileKind.SymbolicLink } && tree.ReadLink(path) == "/dev/null";

    private string? FindStartLink(string[] scripts)
    {
        foreach (string directory in StartLinkDirectories)
        {
            string? link = tree.List(directory).FirstOrDefault(name =>
                name.Length > 3 && name[0] == 'S' && char.IsAsciiDigit(name[1]) && char.IsAsciiDigit(name[2]) && scripts.Contains(name[3..]));
            if (link is not null)
            {
                return directory + "/" + link;
            }
        }

        return null;
    }
}
