using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Volumes;
using Marketplace.DiskImages.Volumes.Lvm;

namespace Marketplace.DiskImages.Tests.Volumes.Lvm;

/// <summary>A physical volume with one metadata area, whose structures can be changed and get their checksums again.</summary>
internal sealed class LvmFixture(MemoryContent volume)
{
    private const int LabelOffset = 512;
    private const int AreaOffset = 4096;

    public MemoryContent Content => volume;

    public string Text => Encoding.Latin1.GetString(volume.ReadBytes(AreaOffset + TextOffset, TextSize)).TrimEnd('\0');

    private int TextOffset => (int)BinaryPrimitives.ReadUInt64LittleEndian(volume.ReadBytes(AreaOffset + 40, 8));

    private int TextSize => (int)BinaryPrimitives.ReadUInt64LittleEndian(volume.ReadBytes(AreaOffset + 48, 8));

    /// <summary>A group <c>vg</c> of one physical volume with one logical volume <c>lv</c>, or with the ones given.</summary>
    public static LvmFixture Load(string name, int partition)
    {
        DiskLayout layout = DiskLayout.Read(Fixture.Load("Lvm/" + name));
        Volume found = layout.Volumes.Single(volume => volume.Partition?.Number == partition);
        MemoryContent content = new(found.Content.Length);
        foreach (Extent extent in found.Content.GetAllocatedExtents())
        {
            byte[] bytes = new byte[extent.Length];
            found.Content.Read(extent.Offset, bytes);
            content.Write(extent.Offset, bytes);
        }

        return new LvmFixture(content);
    }

    /// <summary>The volumes found when the physical volume is a whole disk.</summary>
    public IReadOnlyList<Volume> Read() => DiskLayout.Read(volume).Volumes;

    public Volume Physical() => Read()[0];

    public Volume Logical(string name) => Read().Single(found => found.LogicalVolume?.Name == name);

    /// <summary>Bytes of the label's sector changed, with the right checksum.</summary>
    public LvmFixture WithLabel(int offset, params ReadOnlySpan<byte> bytes) =>
        new(Seal(volume.Patched(LabelOffset + offset, bytes), LabelOffset + 20, 492, LabelOffset + 16));

    /// <summary>Bytes of the metadata area's header changed, with the right checksum.</summary>
    public LvmFixture WithHeader(int offset, params ReadOnlySpan<byte> bytes) =>
        new(Seal(volume.Patched(AreaOffset + offset, bytes), AreaOffset + 4, 508, AreaOffset));

    public LvmFixture WithHeader(int offset, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return WithHeader(offset, bytes);
    }

    /// <summary>One text of the description for another one, with the right checksums.</summary>
    public LvmFixture Replaced(string old, string @new)
    {
        Assert.Contains(old, Text);
        return WithText(Text.Replace(old, @new, StringComparison.Ordinal));
    }

    /// <summary>Another description, at the start of the ring, with the right checksums.</summary>
    public LvmFixture WithText(string text)
    {
        byte[] bytes = [.. Encoding.Latin1.GetBytes(text), 0];
        byte[] location = new byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(location, 512);
        BinaryPrimitives.WriteUInt64LittleEndian(location.AsSpan(8), (ulong)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(location.AsSpan(16), LvmChecksum.Compute(bytes));
        return new LvmFixture(volume.Patched(AreaOffset + 512, bytes)).WithHeader(40, location);
    }

    private static MemoryContent Seal(MemoryContent content, int start, int length, int checksum)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, LvmChecksum.Compute(content.ReadBytes(start, length)));
        return content.Patched(checksum, bytes);
    }
}
