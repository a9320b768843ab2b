using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>The packages dpkg has installed, from /var/lib/dpkg/status.</summary>
internal sealed class DpkgStatus
{
    /// <summary>Where dpkg keeps it.</summary>
    public const string Path = "/var/lib/dpkg/status";

    private const int MaxBytes = 32 * 1024 * 1024;
    private readonly Dictionary<string, string> _versions;

    private DpkgStatus(Dictionary<string, string> versions) => _versions = versions;

    /// <summary>The installed version of a package, or null.</summary>
    public string? VersionOf(string package) => _versions.GetValueOrDefault(package);

    /// <summary>Reads the packages; null when the system has no dpkg.</summary>
    public static DpkgStatus? Read(FileTree tree) => tree.ReadAllText(Path, MaxBytes) is { } text ? Parse(text) : null;

    /// <summary>Parses the text: paragraphs of fields, continuation lines start with a blank (deb-control(5)).</summary>
    public static DpkgStatus Parse(string text)
    {
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        string name = "";
        string status = "";
        string version = "";
        foreach (TextLine line in TextLines.Of(text))
        {
            if (string.IsNullOrWhiteSpace(line.Text))
            {
                Close();
            }
            else if (!char.IsWhiteSpace(line.Text[0]))
            {
                Field(line.Text, "Package:", ref name);
                Field(line.Text, "Status:", ref status);
                Field(line.Text, "Version:", ref version);
            }
        }

        Close();
        return new DpkgStatus(versions);

        void Close()
        {
            // "hold ok installed" is installed as well; "deinstall ok config-files" is not.
            if (name.Length > 0 && status.EndsWith(" installed", StringComparison.Ordinal))
            {
                versions[name] = version;
            }

            name = status = version = "";
        }

        static void Field(string line, string field, ref string value)
        {
            if (line.StartsWith(field, StringComparison.OrdinalIgnoreCase))
            {
                value = line[field.Length..].Trim();
            }
        }
    }
}
