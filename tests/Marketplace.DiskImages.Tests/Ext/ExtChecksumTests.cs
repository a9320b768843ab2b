using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

[TestClass]
public sealed class ExtChecksumTests
{
    private static ReadOnlySpan<byte> Check => "123456789"u8;

    // Check values of the catalogue of parametrised CRC algorithms: CRC-32/ISCSI, CRC-16/MODBUS, CRC-32/MPEG-2.
    [TestMethod]
    public void Matches_the_published_check_values()
    {
        Assert.AreEqual(0xE3069283u, ~ExtChecksum.Crc32C(~0u, Check));
        Assert.AreEqual((ushort)0x4B37, ExtChecksum.Crc16(0xFFFF, Check));
        Assert.AreEqual(0x0376E6E7u, ExtChecksum.Crc32BigEndian(~0u, Check));
    }

    [TestMethod]
    public void Continues_over_pieces_of_any_length()
    {
        uint whole = ExtChecksum.Crc32C(7, new byte[21]);
        Assert.AreEqual(whole, ExtChecksum.Crc32CZeros(ExtChecksum.Crc32C(ExtChecksum.Crc32C(7, 0u), new byte[14]), 3));
    }
}
