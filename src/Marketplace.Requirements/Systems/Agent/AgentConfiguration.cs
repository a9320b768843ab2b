using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Agent;

/// <summary>/etc/waagent.conf as the Azure Linux Agent reads it: lines with <c>=</c> that do not start with <c>#</c>, the last value of a name counts.</summary>
internal sealed class AgentConfiguration
{
    private readonly Dictionary<string, (string Value, int Line)> _values;

    private AgentConfiguration(string path, Dictionary<string, (string, int)> values)
    {
        Path = path;
        _values = values;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads the configuration; null when there is none.</summary>
    public static AgentConfiguration? Read(FileTree tree)
    {
        foreach (string path in (string[])["/etc/waagent.conf", "/usr/share/oem/waagent.conf", "/usr/share/defaults/waagent/waagent.conf"])
        {
            if (tree.ReadAllText(path, 1 << 20) is { } text)
            {
                return Parse(path, text);
            }
        }

        return null;
    }

    /// <summary>Parses the text.</summary>
    public static AgentConfiguration Parse(string path, string text)
    {
        Dictionary<string, (string, int)> values = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(text))
        {
            int equals = line.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || line.Text[0] == '#')
            {
                continue;
            }

            string value = line.Text[(equals + 1)..];
            int comment = value.IndexOf('#', StringComparison.Ordinal);
            value = (comment < 0 ? value : value[..comment]).Trim('"', ' ').Trim();
            string key = line.Text[..equals].Trim();
            if (value == "None")
            {
                values.Remove(key);
            }
            else
            {
                values[key] = (value, line.Number);
            }
        }

        return new AgentConfiguration(path, values);
    }

    /// <summary>The value of a switch (<c>y</c> or <c>n</c>, any case); anything else is the default.</summary>
    public bool GetSwitch(string key, bool defaultValue) => _values.TryGetValue(key, out (string Value, int Line) found)
        ? found.Value.ToUpperInvariant() switch { "Y" => true, "N" => false, _ => defaultValue }
        : defaultValue;

    /// <summary>The value; empty when it is not set.</summary>
    public string Get(string key) => _values.TryGetValue(key, out (string Value, int Line) found) ? found.Value : "";

    /// <summary>The line of the value that counts; 0 when it is not set.</summary>
    public int LineOf(string key) => _values.TryGetValue(key, out (string Value, int Line) found) ? found.Line : 0;

    /// <summary>Whether the agent updates itself: AutoUpdate.UpdateToLatestVersion when it is set, else AutoUpdate.Enabled, both on by default.</summary>
    public bool AutoUpdates => GetSwitch("AutoUpdate.UpdateToLatestVersion", GetSwitch("AutoUpdate.Enabled", true));
}
