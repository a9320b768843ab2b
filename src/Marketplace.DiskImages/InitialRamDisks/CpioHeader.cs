using System.Globalization;

namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>A header of a cpio archive of the kind newc or crc.</summary>
/// <param name="Mode">c_mode: type and permissions.</param>
/// <param name="FileSize">c_filesize: bytes of data.</param>
/// <param name="NameSize">c_namesize: bytes of the name with its zero byte.</param>
internal readonly record struct CpioHeader(int Mode, uint FileSize, uint NameSize)
{
    /// <summary>Bytes of the name with what fills it up, so that the data starts at a multiple of four from the header.</summary>
    public long PaddedNameSize => ((InitramfsFormat.HeaderSize + (long)NameSize + InitramfsFormat.Alignment - 1) & -InitramfsFormat.Alignment) - InitramfsFormat.HeaderSize;

    /// <summary>Bytes of the data with what fills it up.</summary>
    public long PaddedFileSize => (FileSize + (long)InitramfsFormat.Alignment - 1) & -InitramfsFormat.Alignment;

    /// <summary>Parses a header.</summary>
    /// <param name="bytes">At least <see cref="InitramfsFormat.HeaderSize"/> bytes.</param>
    /// <exception cref="DiskFormatException">It is not one of these kinds, or a field is not hexadecimal.</exception>
    public static CpioHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(InitramfsFormat.NewMagic) && !bytes.StartsWith(InitramfsFormat.CrcMagic))
        {
            throw DiskFormatException.Corrupt("cpio header", -1, "it starts neither with 070701 nor with 070702");
        }

        return new CpioHeader(
            unchecked((int)Field(bytes, InitramfsFormat.ModeOffset, "c_mode")),
            Field(bytes, InitramfsFormat.FileSizeOffset, "c_filesize"),
            Field(bytes, InitramfsFormat.NameSizeOffset, "c_namesize"));
    }

    private static uint Field(ReadOnlySpan<byte> bytes, int offset, string name)
    {
        ReadOnlySpan<byte> digits = bytes.Slice(offset, InitramfsFormat.FieldSize);
        return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw DiskFormatException.Corrupt("cpio header", -1, $"{name} is not a hexadecimal number of 8 digits (0x{Convert.ToHexStringLower(digits)})");
    }
}
