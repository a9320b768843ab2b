using System.Globalization;
using System.Text.RegularExpressions;

namespace Marketplace.Requirements.Signatures;

/// <summary>
/// A signed URI, taken apart by the query parameters of a service SAS ("Create a service SAS", Azure Storage REST API).
/// Nothing of it is shown but parameters whose form proves that they hold no part of a signature.
/// </summary>
internal sealed partial class SasUri
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private SasUri()
    {
    }

    /// <summary>Whether the URI uses https.</summary>
    public bool IsHttps { get; private init; }

    /// <summary>Whether it leads to this machine: the storage emulator.</summary>
    public bool IsLoopback { get; private init; }

    /// <summary>Whether it is an absolute http or https URI at all.</summary>
    public bool IsUri { get; private init; }

    /// <summary>The path, decoded; may hold anything and is never shown.</summary>
    public string Path { get; private init; } = "";

    /// <summary>The name of the disk when it is plain enough to be shown; null otherwise.</summary>
    public string? DiskName { get; private init; }

    /// <summary>Whether ampersands are written as XML writes them.</summary>
    public bool HasXmlAmpersands { get; private init; }

    /// <summary>Whether there is white space or a line break within the URI.</summary>
    public bool HasWhiteSpace { get; private init; }

    /// <summary>The parameters that are there more than once.</summary>
    public IReadOnlyList<string> Repeated { get; private set; } = [];

    /// <summary>The signature as it is written, percent signs included; null when there is none. A secret.</summary>
    public string? RawSignature { get; private set; }

    /// <summary>Takes a URI apart; whatever it is, nothing is thrown.</summary>
    public static SasUri Parse(string text)
    {
        string trimmed = text.Trim().Trim('"', '\'', '<', '>', ',').Trim();
        bool xml = trimmed.Contains("&amp;", StringComparison.OrdinalIgnoreCase);
        string whole = string.Concat((xml ? trimmed.Replace("&amp;", "&", StringComparison.OrdinalIgnoreCase) : trimmed).Where(c => !char.IsWhiteSpace(c)));
        bool isUri = Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
        string path = isUri ? Uri.UnescapeDataString(uri!.AbsolutePath) : "";
        string name = path[(path.LastIndexOf('/') + 1)..];
        SasUri parsed = new()
        {
            IsUri = isUri,
            IsHttps = isUri && uri!.Scheme == Uri.UriSchemeHttps,
            IsLoopback = isUri && uri!.IsLoopback,
            Path = path,
            DiskName = PlainDiskName().IsMatch(name) ? name : null,
            HasXmlAmpersands = xml,
            HasWhiteSpace = trimmed.Any(char.IsWhiteSpace),
        };
        int query = whole.IndexOf('?', StringComparison.Ordinal);
        parsed.ReadQuery(query < 0 ? "" : whole[(query + 1)..].Split('#')[0]);
        return parsed;
    }

    /// <summary>A parameter, decoded; null when it is absent. Not to be shown: see <see cref="Shown"/>.</summary>
    public string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <summary>A parameter as <c>name=value</c> when its form proves that it holds nothing of a signature, else its name alone.</summary>
    public string Shown(string name) =>
        Field(name) is { } value && Harmless().IsMatch(value) ? $"{name}={value}" : name;

    /// <summary>A point in time in the only form every reader takes, <c>yyyy-MM-ddTHH:mm:ssZ</c>; null for anything else.</summary>
    public DateTimeOffset? FullTime(string name) => Field(name) is { } text && FullTimeForm().IsMatch(text) ? Time(text) : null;

    /// <summary>A point in time in any of the forms the service takes (ISO 8601: date, minutes or seconds); null for anything else.</summary>
    public DateTimeOffset? AnyTime(string name) => Field(name) is { } text && AnyTimeForm().IsMatch(text) ? Time(text) : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private void ReadQuery(string query)
    {
        SortedSet<string> repeated = new(StringComparer.Ordinal);
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? part : part[..equals];
            string raw = equals < 0 ? "" : part[(equals + 1)..];
            if (name == "sig")
            {
                RawSignature ??= raw;
            }

            if (!_fields.TryAdd(name, Uri.UnescapeDataString(raw)) && ParameterName().IsMatch(name))
            {
                repeated.Add(name);
            }
        }

        Repeated = [.. repeated];
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.vhd\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PlainDiskName();

    // Times, letters of permissions, protocols, IP ranges: all shorter than a signature, and none with its characters at its length.
    [GeneratedRegex(@"^(?:[a-z]{1,12}|https,http|\d{4}-\d{2}-\d{2}(?:T[0-9:.]{1,16}(?:Z|[+-]\d{2}:\d{2})?)?|[0-9.]{7,15}(?:-[0-9.]{7,15})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^[a-z]{2,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\z", RegexOptions.CultureInvariant)]
    private static partial Regex FullTimeForm();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnyTimeForm();
}
