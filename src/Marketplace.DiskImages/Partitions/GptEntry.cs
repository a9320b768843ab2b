using System.Text;

namespace Marketplace.DiskImages.Partitions;

/// <summary>One entry of a GUID partition table.</summary>
internal sealed record GptEntry(Guid Type, Guid UniqueId, long FirstLba, long LastLba, string Name)
{
    /// <param name="bytes">At least 128 bytes.</param>
    public static GptEntry Parse(ReadOnlySpan<byte> bytes) => new(
        new Guid(bytes.Slice(GptFormat.EntryTypeGuidOffset, 16)),
        new Guid(bytes.Slice(GptFormat.EntryUniqueGuidOffset, 16)),
        GptHeader.ReadLba(bytes[GptFormat.EntryFirstLbaOffset..]),
        GptHeader.ReadLba(bytes[GptFormat.EntryLastLbaOffset..]),
        ReadName(bytes.Slice(GptFormat.EntryNameOffset, GptFormat.EntryNameSize)));

    private static string ReadName(ReadOnlySpan<byte> bytes)
    {
        string name = Encoding.Unicode.GetString(bytes);
        int end = name.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }
}
