namespace Marketplace.DiskImages.Packages.Rpm.Ndb;

/// <summary>Constants of RPM's own database, ndb, of which only <c>Packages.db</c> is read (RPM lib/backend/ndb). Numbers are little-endian.</summary>
internal static class NdbFormat
{
    public const string HeaderStructure = "ndb header";
    public const string SlotStructure = "ndb slot";
    public const string BlobStructure = "ndb blob";

    public const int HeaderSize = 32;
    public const int VersionOffset = 4;
    public const int SlotPagesOffset = 12;

    public const int PageSize = 4096;

    /// <summary>Size of a slot, and of the blocks blobs are counted in.</summary>
    public const int SlotSize = 16;

    public const int BlockSize = 16;
    public const int SlotPackageOffset = 4;
    public const int SlotBlockOffset = 8;
    public const int SlotCountOffset = 12;

    public const int BlobHeadSize = 16;
    public const int BlobPackageOffset = 4;
    public const int BlobLengthOffset = 12;

    /// <summary>Adler-32, length and signature.</summary>
    public const int BlobTailSize = 12;

    public const int TailLengthOffset = 4;
    public const int TailSignatureOffset = 8;

    public static ReadOnlySpan<byte> Signature => "RpmP"u8;

    public static ReadOnlySpan<byte> SlotSignature => "Slot"u8;

    public static ReadOnlySpan<byte> BlobHeadSignature => "BlbS"u8;

    public static ReadOnlySpan<byte> BlobTailSignature => "BlbE"u8;

    /// <summary>Whether a file that begins so is one.</summary>
    public static bool IsDatabase(ReadOnlySpan<byte> start) => start.StartsWith(Signature);
}
