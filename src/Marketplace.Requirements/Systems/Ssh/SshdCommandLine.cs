using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Ssh;

/// <summary>What the service of sshd(8) gives it on its command line: <c>-f</c> names another configuration, <c>-o</c> sets options that count before those of every file.</summary>
/// <param name="ConfigurationPath">The file after <c>-f</c>; empty for the usual one.</param>
/// <param name="Options">The options in order, each as a line of sshd_config, with the file they come from.</param>
internal sealed record SshdCommandLine(string ConfigurationPath, IReadOnlyList<(string Text, string Path, int Line)> Options)
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>A command line without options.</summary>
    public static SshdCommandLine Plain { get; } = new("", []);

    /// <summary>Reads the service and the environment files it names, as distributions have them: /etc/default/ssh, /etc/sysconfig/sshd.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static SshdCommandLine Read(FileTree tree, ServiceFacts services)
    {
        string? unit = ((string[])["ssh.service", "sshd.service"]).FirstOrDefault(name => services.FindUnit(name) is not null && services.MaskOf(name) is null);
        if (unit is null)
        {
            return Plain;
        }

        string text = services.ReadUnit(unit);
        Dictionary<string, (string Value, string Path, int Line)> variables = ReadEnvironment(tree, text);
        List<(string Word, string Path, int Line)> words = [];
        foreach (string word in UnitFile.ValuesOf(text, "Service", "ExecStart").SelectMany(UnitFile.WordsOf))
        {
            // A variable that stands alone is split into words (systemd.service(5), Command lines).
            string name = word.TrimStart('$').Trim('{', '}');
            if (!word.StartsWith('$'))
            {
                words.Add((word, services.FindUnit(unit)!, 0));
            }
            else if (variables.TryGetValue(name, out (string Value, string Path, int Line) variable))
            {
                words.AddRange(UnitFile.WordsOf(variable.Value).Select(part => (part, variable.Path, variable.Line)));
            }
        }

        return Parse(words);
    }

    private static SshdCommandLine Parse(List<(string Word, string Path, int Line)> words)
    {
        string configuration = "";
        List<(string, string, int)> options = [];
        for (int i = 0; i < words.Count; i++)
        {
            (string word, string path, int line) = words[i];
            string flag = word.Length >= 2 && word[0] == '-' ? word[..2] : "";
            if (flag is not ("-o" or "-f"))
            {
                continue;
            }

            // The value may be joined to the flag.
            string value = word.Length > 2 ? word[2..].Trim('"', '\'') : i + 1 < words.Count ? words[++i].Word : "";
            if (flag == "-f")
            {
                configuration = value;
            }
            else
            {
                options.Add((value, path, line));
            }
        }

        return new SshdCommandLine(configuration.StartsWith('/') ? configuration : "", options);
    }

    private static Dictionary<string, (string Value, string Path, int Line)> ReadEnvironment(FileTree tree, string unit)
    {
        Dictionary<string, (string, string, int)> variables = new(StringComparer.Ordinal);
        foreach (string path in UnitFile.ValuesOf(unit, "Service", "EnvironmentFile").Select(path => path.TrimStart('-')).Where(path => path.StartsWith('/')))
        {
            foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, MaxFileBytes) ?? ""))
            {
                string trimmed = line.Text.Trim();
                int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && trimmed[0] is not ('#' or ';'))
                {
                    string value = trimmed[(equals + 1)..].Trim();
                    value = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
                    variables[trimmed[..equals].TrimEnd()] = (value, path, line.Number);
                }
            }
        }

        return variables;
    }
}
