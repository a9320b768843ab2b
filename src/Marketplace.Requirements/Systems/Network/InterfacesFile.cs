using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// /etc/network/interfaces as ifupdown reads it (interfaces(5)): lines that a backslash joins, comments that start a line, stanzas
/// <c>iface NAME FAMILY METHOD</c> with their options, <c>source</c> with patterns and <c>source-directory</c> with names of
/// letters, digits, hyphens and underscores.
/// </summary>
internal static class InterfacesFile
{
    private const string MainFile = "/etc/network/interfaces";
    private const int MaxBytes = 256 * 1024;
    private const int MaxFiles = 512;
    private const int MaxDepth = 16;

    /// <summary>Words that start something else than an option of a stanza.</summary>
    private static readonly string[] Keywords = ["auto", "iface", "mapping", "source", "source-directory", "template", "no-auto-down", "no-scripts", "rename"];

    /// <summary>Finds the faults.</summary>
    /// <exception cref="DiskFormatException">A file cannot be read, or there are more than ifupdown would read.</exception>
    public static IEnumerable<NetworkFault> Find(LinuxSystem system)
    {
        List<(string Path, int Line, string[] Words, string Text)> lines = [];
        int files = 0;
        Read(system.Tree, MainFile, lines, ref files, depth: 0);
        if (lines.Count == 0)
        {
            return [];
        }

        string unread = NetworkReaders.HasIfupdown(system) ? "" : "ifupdown is not installed";
        return Judge(lines).Select(fault => fault with { Unread = unread });
    }

    private static List<NetworkFault> Judge(List<(string Path, int Line, string[] Words, string Text)> lines)
    {
        List<NetworkFault> faults = [];
        string device = "";
        bool isStatic = false;
        HashSet<string> started = [.. lines.Where(line => line.Words[0] is "auto" || line.Words[0].StartsWith("allow-", StringComparison.Ordinal)).SelectMany(line => line.Words.Skip(1))];
        bool addressed = false;
        foreach ((string path, int number, string[] words, string text) in lines)
        {
            NetworkFault fault = new(NetworkFaultKind.StaticAddress, device, path, number, text, "ifupdown");
            if (words[0] == "iface")
            {
                device = words.Length > 1 ? words[1] : "";
                isStatic = words.Length > 3 && words[3] is "static" && !DeviceNames.IsVirtual(device);
                addressed = false;
                if (isStatic)
                {
                    // The method comes before the address it needs; without one ifup fails, which is no better.
                    faults.Add(fault with { Device = device, Repair = ToDhcp(path, device) });
                    addressed = true;
                }
                else if (words.Length > 3 && words[3] == "dhcp" && DeviceNames.IsFirst(device) && started.Count > 0 && !started.Contains(device) && !started.Any(pattern => Glob.IsMatch(device, pattern)))
                {
                    faults.Add(fault with { Kind = NetworkFaultKind.NotAtBoot, Device = device, Repair = $"sed -i '1i auto {device}' {ShellText.Quote(path)}" });
                }
            }
            else if (Keywords.Contains(words[0]) || words[0].StartsWith("allow-", StringComparison.Ordinal))
            {
                device = "";
            }
            else if (device.Length > 0 && !DeviceNames.IsVirtual(device) && words[0] == "hwaddress" && words.Any(word => word.Contains(':', StringComparison.Ordinal)))
            {
                faults.Add(fault with { Kind = NetworkFaultKind.HardwareAddress, Repair = $"sed -i -E '/^[[:space:]]*hwaddress[[:space:]]/d' {ShellText.Quote(path)}" });
            }
            else if (isStatic && addressed && words[0] == "address" && words.Length > 1)
            {
                faults[^1] = faults[^1].Kind == NetworkFaultKind.StaticAddress && faults[^1].Device == device ? faults[^1] with { Line = number, Text = text } : faults[^1];
                addressed = false;
            }
        }

        return faults;
    }

    private static string ToDhcp(string path, string device)
    {
        string file = ShellText.Quote(path);
        return "awk -v n=" + ShellText.Quote(device.Replace("\\", @"\\", StringComparison.Ordinal)) +
            """ '$1=="iface"{on=($2==n)} on&&$1=="iface"&&$4=="static"{$4="dhcp"} on&&$1~/^(address|netmask|gateway|network|broadcast|pointopoint|dns-nameservers|dns-search|dns-domain)$/{next} {print}' """ +
            $"{file} > {file}.new && cat {file}.new > {file} && rm -f {file}.new";
    }

    private static void Read(FileTree tree, string path, List<(string, int, string[], string)> lines, ref int files, int depth)
    {
        if (++files > MaxFiles || depth > MaxDepth)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, "too many or too deeply nested source lines");
        }

        foreach (TextLine line in TextLines.Joined(tree.ReadAllText(path, MaxBytes) ?? ""))
        {
            if (!line.Text.TrimStart().StartsWith('#'))
            {
                Add(line.Text, line.Number, ref files);
            }
        }

        void Add(string text, int number, ref int count)
        {
            string[] words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["source" or "source-directory", ..] && (count += words.Length - 1) > MaxFiles)
            {
                // A pattern may list many directories and match nothing.
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, "too many source lines");
            }

            if (words is ["source", .. var patterns])
            {
                foreach (string included in patterns.SelectMany(pattern => Glob.Expand(tree, Absolute(path, pattern))).Where(tree.FileExists))
                {
                    Read(tree, included, lines, ref count, depth + 1);
                }
            }
            else if (words is ["source-directory", .. var directories])
            {
                foreach (string included in directories.SelectMany(pattern => Glob.Expand(tree, Absolute(path, pattern)))
                    .SelectMany(directory => tree.List(directory).Where(IsRunPartsName).Select(name => $"{directory}/{name}")).Where(tree.FileExists))
                {
                    Read(tree, included, lines, ref count, depth + 1);
                }
            }
            else if (words.Length > 0)
            {
                lines.Add((path, number, words, text));
            }
        }
    }

    private static string Absolute(string path, string pattern)
    {
        string plain = pattern.Trim('"', '\'');
        return plain.StartsWith('/') ? plain : path[..(path.LastIndexOf('/') + 1)] + plain;
    }

    private static bool IsRunPartsName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
