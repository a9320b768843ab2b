using System.Text;
using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>The algorithms that .NET does not have, against published values and by hand.</summary>
[TestClass]
public sealed class BtrfsAlgorithmTests
{
    // Values of b2sum -l 256 over bytes that count up.
    [TestMethod]
    [DataRow(0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [DataRow(3, "3d8c3d594928271f44aad7a04b177154806867bcf918e1549c0bc16f9da2b09b")]
    [DataRow(127, "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72")]
    [DataRow(128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1")]
    [DataRow(129, "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9")]
    [DataRow(4096, "11c294a11dc67e3ddb25f8c06cca2721e58d2a044243abea6c7063fd17d589e5")]
    public void Blake2b_gives_the_published_values(int length, string expected)
    {
        byte[] hash = new byte[32];
        Blake2b.Hash256(Enumerable.Range(0, length).Select(i => (byte)(i % 251)).ToArray(), hash);
        Assert.AreEqual(expected, Convert.ToHexStringLower(hash));
    }

    [TestMethod]
    [DataRow("123456789", "Crc32C", "839206e3")]
    [DataRow("", "XxHash64", "99e9d85137db46ef")]
    [DataRow("abc", "Sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Checksums_are_in_the_order_of_the_disk(string text, string algorithm, string expected)
    {
        BtrfsChecksumType type = Enum.Parse<BtrfsChecksumType>(algorithm);
        byte[] checksum = new byte[BtrfsChecksum.SizeOf(type)];
        BtrfsChecksum.Compute(type, Encoding.ASCII.GetBytes(text), checksum);
        Assert.AreEqual(expected, Convert.ToHexStringLower(checksum));
    }

    [TestMethod]
    public void The_hash_of_a_name_is_that_of_the_default_subvolume()
    {
        // The key of the item "default" of every Btrfs.
        Assert.AreEqual(2378154706u, BtrfsChecksum.HashName("default"u8));
    }

    [TestMethod]
    [DataRow("15 61 62 63 64 11 00 00", "abcd")]
    [DataRow("14 61 62 63 11 00 00", "abc")]
    [DataRow("15 61 62 63 64 4C 00 11 00 00", "abcdabc")]
    [DataRow("15 61 62 63 64 6C 00 11 00 00", "abcdabcd")]
    [DataRow("12 61 20 11 00 00 11 00 00", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [DataRow("12 61 04 00 11 00 00", null)]
    [DataRow("", null)]
    [DataRow("15 61 62 63 64", null)]
    [DataRow("15 61 62 63 64 11 00 00 00", null)]
    [DataRow("15 61 62 63 64 6C 01 11 00 00", null)]
    [DataRow("FF 61 62", null)]
    [DataRow("00 00 00 00 00", null)]
    [DataRow("11 01 12 61 11 00 00", null)]
    [DataRow("12 61 12 00 00", null)]
    public void Lzo_is_decoded_or_refused(string input, string? expected)
    {
        byte[] bytes = Convert.FromHexString(input.Replace(" ", "", StringComparison.Ordinal));
        byte[] output = new byte[64];
        if (expected is null)
        {
            Assert.ThrowsExactly<InvalidDataException>(() => LzoDecoder.Decode(bytes, output));
        }
        else
        {
            Assert.AreEqual(expected, Encoding.ASCII.GetString(output, 0, LzoDecoder.Decode(bytes, output)));
            Assert.ThrowsExactly<InvalidDataException>(() => LzoDecoder.Decode(bytes, output.AsSpan(0, expected.Length - 1)));
        }
    }
}
