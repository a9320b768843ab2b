using System.Globalization;

namespace Marketplace.Publishing.Storage;

/// <summary>A SAS token somebody else made, read as far as it tells what it allows.</summary>
internal sealed class SasToken
{
    private SasToken(string value, IReadOnlyDictionary<string, string> fields)
    {
        Value = value;
        Permissions = fields.GetValueOrDefault("sp");
        Expires = fields.TryGetValue("se", out string? se)
            && DateTimeOffset.TryParse(se, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expires) ? expires : null;
    }

    /// <summary>The token without the leading question mark: a secret.</summary>
    public string Value { get; }

    /// <summary><c>sp</c>: the permissions; null when a stored access policy holds them.</summary>
    public string? Permissions { get; }

    /// <summary><c>se</c>: when it stops working; null when a stored access policy says so.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Reads a token, with or without its question mark.</summary>
    /// <param name="text">The token.</param>
    /// <param name="source">Where it was found, for messages.</param>
    /// <exception cref="PublishingException">MKT4023 when it is no SAS token.</exception>
    public static SasToken Parse(string text, string source)
    {
        string value = text.Trim().TrimStart('?');
        IReadOnlyDictionary<string, string> fields = SplitQuery(value);
        return fields.ContainsKey("sig") && !value.Contains("://", StringComparison.Ordinal)
            ? new SasToken(value, fields)
            : throw new PublishingException("MKT4023", $"{source} cannot be used: it is not a SAS token. A token begins with 'sv=' or 'sp=' and has 'sig=' in it; give the part of the URI after the question mark.");
    }

    /// <summary>The fields of a query, decoded. The last of equal names wins.</summary>
    /// <param name="query">The query without its question mark.</param>
    public static IReadOnlyDictionary<string, string> SplitQuery(string query)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                fields[part[..equals]] = Uri.UnescapeDataString(part[(equals + 1)..]);
            }
        }

        return fields;
    }
}
