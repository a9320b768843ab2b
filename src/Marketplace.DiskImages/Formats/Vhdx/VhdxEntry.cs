namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>The state of a block in the block allocation table (State, bits 0 to 2).</summary>
internal enum VhdxBlockState
{
    /// <summary>PAYLOAD_BLOCK_NOT_PRESENT: the parent's, or zeros. Also that of a sector bitmap block that is not there.</summary>
    NotPresent = 0,

    /// <summary>PAYLOAD_BLOCK_UNDEFINED: nobody relies on its content; zeros.</summary>
    Undefined = 1,

    /// <summary>PAYLOAD_BLOCK_ZERO.</summary>
    Zero = 2,

    /// <summary>PAYLOAD_BLOCK_UNMAPPED: was trimmed; zeros, and never the parent's.</summary>
    Unmapped = 3,

    /// <summary>PAYLOAD_BLOCK_FULLY_PRESENT, SB_BLOCK_PRESENT.</summary>
    FullyPresent = 6,

    /// <summary>PAYLOAD_BLOCK_PARTIALLY_PRESENT: the sector bitmap tells which sectors are the parent's.</summary>
    PartiallyPresent = 7,
}

/// <summary>An entry of the block allocation table.</summary>
/// <param name="Value">The 64 bits.</param>
internal readonly record struct VhdxEntry(ulong Value)
{
    /// <summary>The state; 4 and 5 have no name.</summary>
    public VhdxBlockState State => (VhdxBlockState)(Value & 7);

    /// <summary>FileOffsetMB, bits 20 to 63: where the block begins, in MiB.</summary>
    public ulong Megabyte => Value >> 20;
}
