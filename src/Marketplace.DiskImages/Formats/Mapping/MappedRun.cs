namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>Where the bytes of a virtual disk come from.</summary>
internal enum MappedSource
{
    /// <summary>Nowhere: they read as zeros.</summary>
    Zeros,

    /// <summary>From the file, as they are.</summary>
    File,

    /// <summary>From the parent, at the same offset; zeros past its end.</summary>
    Parent,

    /// <summary>From a compressed unit of the file; a run never leaves its unit.</summary>
    Compressed,
}

/// <summary>A run of a virtual disk that comes from one place.</summary>
/// <param name="Source">The place.</param>
/// <param name="Length">Number of bytes, greater than zero.</param>
/// <param name="Position">Offset in the file of the first byte (<see cref="MappedSource.File"/>), or what the format calls its compressed unit; otherwise 0.</param>
internal readonly record struct MappedRun(MappedSource Source, long Length, long Position = 0)
{
    /// <summary>Whether the other run goes on where this one ends, so that both can be one.</summary>
    public bool IsContinuedBy(MappedRun next) =>
        Source == next.Source && (Source is MappedSource.Zeros or MappedSource.Parent || (Source == MappedSource.File && Position + Length == next.Position));
}
