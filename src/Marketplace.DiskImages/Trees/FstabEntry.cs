namespace Marketplace.DiskImages.Trees;

/// <summary>One line of <c>/etc/fstab</c> (fstab(5)), its escapes resolved. Fields that the line leaves out have the defaults of fstab(5).</summary>
/// <param name="LineNumber">Number of the line in the file, from 1.</param>
/// <param name="Source">fs_spec: a device, <c>UUID=…</c>, <c>LABEL=…</c>, a remote file system, or a word such as <c>proc</c>. Quotes around a tag's value are removed.</param>
/// <param name="MountPoint">fs_file: where it is mounted; <c>none</c> for swap.</param>
/// <param name="Type">fs_vfstype: the type, or a list of types separated by commas.</param>
/// <param name="Options">fs_mntops: the options, separated by commas; <c>defaults</c> when the field is missing.</param>
/// <param name="DumpFrequency">fs_freq; 0 when the field is missing or not a number.</param>
/// <param name="PassNumber">fs_passno; 0 when the field is missing or not a number.</param>
public sealed record FstabEntry(int LineNumber, string Source, string MountPoint, string Type, string Options, int DumpFrequency, int PassNumber)
{
    /// <summary>Whether the entry is a swap area or swap file.</summary>
    public bool IsSwap => Type == "swap";

    /// <summary>Whether the option stands in the list: <c>noauto</c>, or <c>bind</c>; the part after <c>=</c> is not looked at.</summary>
    /// <param name="name">Name of the option.</param>
    public bool HasOption(string name) => FindOption(name) is not null;

    /// <summary>The value of the last option <c>name=value</c>; empty for an option without a value; null when the option is not there.</summary>
    /// <param name="name">Name of the option.</param>
    public string? FindOption(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string? found = null;
        foreach (string option in Options.Split(','))
        {
            if (option == name)
            {
                found = "";
            }
            else if (option.Length > name.Length && option[name.Length] == '=' && option.StartsWith(name, StringComparison.Ordinal))
            {
                found = option[(name.Length + 1)..];
            }
        }

        return found;
    }
}
