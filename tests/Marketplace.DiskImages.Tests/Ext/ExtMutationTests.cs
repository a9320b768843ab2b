using System.Diagnostics;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>Images changed at random, mostly in the metadata a reader touches: nothing but <see cref="DiskFormatException"/> may come of it.</summary>
[TestClass]
public sealed class ExtMutationTests
{
    private const int Mutants = 60;
    private const int MaxNodes = 20_000;
    private const int MaxBytesOfFile = 1 << 20;
    private const long MemoryBudget = 64L << 20;
    private const int RoCompatOffset = 1024 + 0x65;
    private static readonly TimeSpan TimeBudget = TimeSpan.FromSeconds(2);

    public static IEnumerable<object[]> Fixtures => ExtFixture.Names.Append("ext4-casefold").Append("journal-fast").Select(name => new object[] { name });

    /// <remarks>
    /// Memory: what lives at one time is at most what was allocated in all. Only a mutant that allocates more than the budget
    /// in all is measured exactly: what the walk keeps after a full collection, plus the most that one step of it allocated.
    /// </remarks>
    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void Only_format_errors_come_of_a_changed_image(string name)
    {
        MemoryContent image = ExtFixture.Load(name);

        // Without the feature metadata_csum no checksum stops a mutant early.
        MemoryContent unverified = image.Patched(RoCompatOffset, (byte)(image.ReadBytes(RoCompatOffset, 1)[0] & ~4));
        (long Offset, int Length)[] touched = RecordMetadata(image);
        Random random = new(20260101);
        for (int i = 0; i < Mutants; i++)
        {
            MemoryContent mutant = i % 3 == 0 ? image : unverified;
            for (int changes = random.Next(1, 5); changes > 0; changes--)
            {
                mutant = Change(mutant, touched, random);
            }

            Walk walk = new();
            Stopwatch clock = Stopwatch.StartNew();
            walk.Run(mutant);
            Assert.IsLessThan(TimeBudget, clock.Elapsed, $"mutant {i}");
            Assert.IsLessThan(MemoryBudget, walk.PeakMemory, $"mutant {i}");
        }
    }

    private static MemoryContent Change(MemoryContent image, (long Offset, int Length)[] touched, Random random)
    {
        (long offset, int length) = touched[random.Next(touched.Length)];
        long place = offset + random.Next(length);
        if (random.Next(20) == 0)
        {
            // The superblock and the first group descriptors decide about everything else.
            place = 1024 + random.Next(0x400);
        }

        return random.Next(4) switch
        {
            0 => image.Patched(place, (byte)(image.ReadBytes(place, 1)[0] ^ (1 << random.Next(8)))),
            1 => image.Patched(place, (byte)random.Next(256)),
            2 => image.Patched(place & ~3, 0xFF, 0xFF, 0xFF, 0xFF),
            _ => image.Patched(place & ~3, (byte)random.Next(256), (byte)random.Next(256), 0, 0),
        };
    }

    // The ranges that are read to open the file system and to list all of it; those without any bit set are left out.
    private static (long Offset, int Length)[] RecordMetadata(MemoryContent image)
    {
        RecordingContent recording = new(image);
        try
        {
            Stack<FileNode> directories = new([ExtFileSystem.Open(recording).Root]);
            while (directories.TryPop(out FileNode? directory))
            {
                foreach (DirectoryEntry entry in directory.EnumerateDirectory().Where(entry => entry.Name != "encrypted"))
                {
                    if (entry.Node.Kind == FileKind.Directory)
                    {
                        directories.Push(entry.Node);
                    }
                    else if (entry.Node.Kind == FileKind.Regular && entry.Node.Size > 100_000)
                    {
                        _ = entry.Node.Read(entry.Node.Size - 1, new byte[1]);
                    }
                }
            }
        }
        catch (DiskFormatException)
        {
            // A fixture that is not read has at least its superblock and its journal.
        }

        return [.. recording.Ranges.Where(range => image.ReadBytes(range.Offset, range.Length).AsSpan().ContainsAnyExcept((byte)0))];
    }

    private sealed class RecordingContent(DiskContent source) : DiskContent
    {
        public HashSet<(long Offset, int Length)> Ranges { get; } = [];

        public override long Length => source.Length;

        public override IEnumerable<Extent> GetAllocatedExtents() => source.GetAllocatedExtents();

        protected override void ReadCore(long offset, Span<byte> destination)
        {
            Ranges.Add((offset, destination.Length));
            source.Read(offset, destination);
        }
    }

    // Reads all of a file system that can be read: names, metadata, links, and of each file its first and its last bytes.
    private sealed class Walk
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private readonly HashSet<ulong> _seen = [];
        private readonly List<FileNode> _nodes = [];
        private long _last;
        private long _largestStep;

        public long PeakMemory { get; private set; }

        public void Run(MemoryContent image)
        {
            long start = GC.GetAllocatedBytesForCurrentThread();
            _last = start;
            FileSystem? fileSystem = null;
            Guard(() => fileSystem = ExtFileSystem.Open(image));
            if (fileSystem is not null)
            {
                _ = fileSystem.TypeName + fileSystem.Uuid + fileSystem.Label + fileSystem.Notes.Count;
                Visit(fileSystem.Root);
            }

            PeakMemory = GC.GetAllocatedBytesForCurrentThread() - start;
            if (PeakMemory >= MemoryBudget)
            {
                long kept = GC.GetTotalMemory(forceFullCollection: true);
                GC.KeepAlive(fileSystem);
                _nodes.Clear();
                fileSystem = null;
                PeakMemory = kept - GC.GetTotalMemory(forceFullCollection: true) + _largestStep;
            }
        }

        private void Visit(FileNode node)
        {
            _nodes.Add(node);
            switch (node.Kind)
            {
                case FileKind.Directory when _seen.Add(node.Id):
                    Guard(() =>
                    {
                        foreach (DirectoryEntry entry in node.EnumerateDirectory().Take(MaxNodes - _nodes.Count))
                        {
                            Step();
                            Visit(entry.Node);
                        }
                    });
                    Guard(() => node.Find("no such name"));
                    break;
                case FileKind.Regular when _seen.Add(node.Id):
                    Guard(() => Read(node, 0));
                    Guard(() => Read(node, Math.Max(0, node.Size - MaxBytesOfFile)));
                    break;
                case FileKind.SymbolicLink:
                    Guard(() => node.ReadLink());
                    break;
            }
        }

        private void Read(FileNode node, long offset)
        {
            for (int total = 0, read; total < MaxBytesOfFile && (read = node.Read(offset + total, _buffer)) > 0; total += read)
            {
                Step();
            }
        }

        private void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (DiskFormatException exception)
            {
                Assert.IsGreaterThan(0, exception.Structure.Length);
            }

            Step();
        }

        private void Step()
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            _largestStep = Math.Max(_largestStep, now - _last);
            _last = now;
        }
    }
}
