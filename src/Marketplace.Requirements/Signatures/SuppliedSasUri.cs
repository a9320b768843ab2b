namespace Marketplace.Requirements.Signatures;

/// <summary>A signed URI as somebody supplied it. It is a secret: its text is never shown, only where it stands.</summary>
public sealed class SuppliedSasUri
{
    /// <summary>Takes a URI.</summary>
    /// <param name="text">The URI with its signature: a secret.</param>
    /// <param name="file">Absolute path of the file findings point to.</param>
    /// <param name="place">Where in it the URI stands, for messages: <c>line 3</c>, <c>the environment variable NAME</c>.</param>
    public SuppliedSasUri(string text, string file, string place)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(place);
        Uri = SasUri.Parse(text);
        File = file;
        Place = place;
    }

    /// <summary>Absolute path of the file findings point to.</summary>
    public string File { get; }

    /// <summary>Where in it the URI stands.</summary>
    public string Place { get; }

    /// <summary>The URI, read.</summary>
    internal SasUri Uri { get; }

    /// <summary>Where the URI stands; never the URI.</summary>
    public override string ToString() => Uri.DiskName is { } disk ? $"{Place} ({disk})" : Place;
}
