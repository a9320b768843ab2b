namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>What can be wrong with the footer of a VHD.</summary>
public enum VhdProblemKind
{
    /// <summary>The checksum is not that of the 512 bytes.</summary>
    Checksum,

    /// <summary>The file format version is not 1.0.</summary>
    Version,

    /// <summary>The data offset of a fixed disk is not all ones.</summary>
    DataOffset,

    /// <summary>The reserved bit of the features, which is always set, is not.</summary>
    Features,

    /// <summary>Current size and file length do not go together.</summary>
    Length,

    /// <summary>The machine was saved while it ran.</summary>
    SavedState,

    /// <summary>The geometry is not the one of the current size. A note only: many tools write another one.</summary>
    Geometry,

    /// <summary>The current size is not a whole number of MiB. The specification allows it, Azure does not take it.</summary>
    Alignment,
}

/// <summary>A problem of a footer.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">What was found and what is expected, one plain sentence without a final full stop.</param>
public sealed record VhdProblem(VhdProblemKind Kind, string Detail);
