using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.Ndb;

/// <summary>The package headers of an ndb database, SUSE's.</summary>
internal static class NdbPackages
{
    /// <exception cref="DiskFormatException">The database is damaged.</exception>
    public static IEnumerable<BlobPrefix> ReadHeaders(DiskContent content)
    {
        List<NdbSlot> slots = ReadSlots(content);
        slots.Sort((left, right) => left.Block.CompareTo(right.Block));
        HashSet<uint> packages = [];
        long end = 0;
        foreach (NdbSlot slot in slots)
        {
            if (slot.Block < end || !packages.Add(slot.Package))
            {
                throw DiskFormatException.Corrupt(NdbFormat.SlotStructure, -1, $"package {slot.Package} at block {slot.Block} is there twice or overlaps another one");
            }

            end = slot.Block + slot.Count;
            yield return OpenBlob(content, slot);
        }
    }

    private static List<NdbSlot> ReadSlots(DiskContent content)
    {
        if (content.Length < NdbFormat.PageSize)
        {
            throw DiskFormatException.Truncated(NdbFormat.HeaderStructure, 0, $"the file has {content.Length} bytes");
        }

        byte[] page = new byte[NdbFormat.PageSize];
        content.Read(0, page);
        uint version = U32(page, NdbFormat.VersionOffset);
        if (version != 0)
        {
            throw DiskFormatException.Unsupported(NdbFormat.HeaderStructure, NdbFormat.VersionOffset, $"the version is {version}, not 0");
        }

        uint pages = U32(page, NdbFormat.SlotPagesOffset);
        if (pages == 0 || pages > content.Length / NdbFormat.PageSize)
        {
            throw DiskFormatException.Corrupt(NdbFormat.HeaderStructure, NdbFormat.SlotPagesOffset, $"{pages} pages of slots in {content.Length} bytes");
        }

        List<NdbSlot> slots = [];
        for (uint i = 0; i < pages; i++)
        {
            long offset = i * (long)NdbFormat.PageSize;
            content.Read(offset, page);
            for (int at = i == 0 ? NdbFormat.HeaderSize : 0; at < page.Length; at += NdbFormat.SlotSize)
            {
                NdbSlot slot = NdbSlot.Parse(page.AsSpan(at, NdbFormat.SlotSize), offset + at, pages * (long)(NdbFormat.PageSize / NdbFormat.BlockSize), content.Length / NdbFormat.BlockSize);
                if (slot.Block != 0)
                {
                    slots.Add(slot);
                }
            }

            if (slots.Count > PackageLimits.MaxPackages)
            {
                throw DiskFormatException.Unsupported(NdbFormat.SlotStructure, offset, $"there are more than {PackageLimits.MaxPackages} packages");
            }
        }

        return slots;
    }

    private static BlobPrefix OpenBlob(DiskContent content, NdbSlot slot)
    {
        long offset = slot.Block * (long)NdbFormat.BlockSize;
        byte[] head = new byte[NdbFormat.BlobHeadSize];
        content.Read(offset, head);
        uint length = U32(head, NdbFormat.BlobLengthOffset);
        long blocks = (NdbFormat.BlobHeadSize + (long)length + NdbFormat.BlobTailSize + NdbFormat.BlockSize - 1) / NdbFormat.BlockSize;
        if (!head.AsSpan().StartsWith(NdbFormat.BlobHeadSignature) || U32(head, NdbFormat.BlobPackageOffset) != slot.Package || blocks != slot.Count || length > int.MaxValue)
        {
            throw DiskFormatException.Corrupt(NdbFormat.BlobStructure, offset, $"there is no header of package {slot.Package} in {slot.Count} blocks");
        }

        byte[] tail = new byte[NdbFormat.BlobTailSize];
        content.Read(offset + (slot.Count * (long)NdbFormat.BlockSize) - tail.Length, tail);
        if (!tail.AsSpan(NdbFormat.TailSignatureOffset).StartsWith(NdbFormat.BlobTailSignature) || U32(tail, NdbFormat.TailLengthOffset) != length)
        {
            throw DiskFormatException.Corrupt(NdbFormat.BlobStructure, offset, $"the header of package {slot.Package} has no end");
        }

        return new BlobPrefix(NdbFormat.BlobStructure, (int)length, ReadParts(content, offset + NdbFormat.BlobHeadSize, length));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ReadParts(DiskContent content, long offset, long length)
    {
        byte[] part = new byte[NdbFormat.PageSize];
        for (long done = 0; done < length; done += part.Length)
        {
            int count = (int)Math.Min(part.Length, length - done);
            content.Read(offset + done, part.AsSpan(0, count));
            yield return part.AsMemory(0, count);
        }
    }

    private static uint U32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
}
