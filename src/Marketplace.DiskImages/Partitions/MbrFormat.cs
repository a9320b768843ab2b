namespace Marketplace.DiskImages.Partitions;

/// <summary>Constants of the master boot record and of extended boot records (UEFI Specification 2.10, 5.2; Linux block/partitions/msdos.c).</summary>
internal static class MbrFormat
{
    public const string Structure = "MBR";
    public const string ExtendedStructure = "EBR";
    public const int SectorSize = 512;
    public const int BootCodeSize = 440;
    public const int DiskSignatureOffset = 440;
    public const int EntriesOffset = 446;
    public const int EntrySize = 16;
    public const int EntryCount = 4;
    public const int SignatureOffset = 510;
    public const ushort Signature = 0xAA55;

    public const int EntryStatusOffset = 0;
    public const int EntryTypeOffset = 4;
    public const int EntryFirstLbaOffset = 8;
    public const int EntrySectorsOffset = 12;

    public const byte StatusActive = 0x80;
    public const byte TypeEmpty = 0x00;
    public const byte TypeExtended = 0x05;
    public const byte TypeExtendedLba = 0x0F;
    public const byte TypeExtendedLinux = 0x85;
    public const byte TypeProtective = 0xEE;

    /// <summary>Logical partitions are counted from here.</summary>
    public const int FirstLogicalNumber = 5;

    /// <summary>The longest chain of extended boot records that is followed; Linux stops at 100 that follow each other without data.</summary>
    public const int MaxExtendedRecords = 128;

    public static bool IsExtended(byte type) => type is TypeExtended or TypeExtendedLba or TypeExtendedLinux;
}
