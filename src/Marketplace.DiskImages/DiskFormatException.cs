namespace Marketplace.DiskImages;

/// <summary>Why an image could not be read at some place.</summary>
public enum DiskFormatErrorKind
{
    /// <summary>A structure contradicts its specification or its own checksum.</summary>
    Corrupt,

    /// <summary>A structure is well formed but uses a feature this library does not read.</summary>
    Unsupported,

    /// <summary>A structure points past the end of the bytes that should hold it.</summary>
    Truncated,
}

/// <summary>
/// The one exception for bad images: it names the structure, the byte offset and what was found.
/// Anything else thrown while reading an image is a defect of this library.
/// </summary>
public sealed class DiskFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">Corrupt, unsupported or truncated.</param>
    /// <param name="structure">The structure in the words of its specification, for example <c>ext4 group descriptor 3</c>.</param>
    /// <param name="offset">Offset in bytes within the content that holds the structure, or -1 when there is none.</param>
    /// <param name="detail">What was found and what was expected, without a final full stop.</param>
    public DiskFormatException(DiskFormatErrorKind kind, string structure, long offset, string detail)
        : base(offset >= 0 ? $"{structure} at byte {offset}: {detail}" : $"{structure}: {detail}")
    {
        Kind = kind;
        Structure = structure;
        Offset = offset;
        Detail = detail;
    }

    /// <summary>Corrupt, unsupported or truncated.</summary>
    public DiskFormatErrorKind Kind { get; }

    /// <summary>The structure in the words of its specification.</summary>
    public string Structure { get; }

    /// <summary>Offset in bytes within the content that holds the structure, or -1.</summary>
    public long Offset { get; }

    /// <summary>What was found and what was expected.</summary>
    public string Detail { get; }

    internal static DiskFormatException Corrupt(string structure, long offset, string detail) =>
        new(DiskFormatErrorKind.Corrupt, structure, offset, detail);

    internal static DiskFormatException Unsupported(string structure, long offset, string detail) =>
        new(DiskFormatErrorKind.Unsupported, structure, offset, detail);

    internal static DiskFormatException Truncated(string structure, long offset, string detail) =>
        new(DiskFormatErrorKind.Truncated, structure, offset, detail);
}
