using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Packages.Rpm;
using Marketplace.DiskImages.Packages.Rpm.Sqlite;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Package databases of every kind.</summary>
internal static class PackageTargets
{
    private const int LogPageSize = 4096;
    private static readonly Lazy<MemoryContent> LoggedDatabase = new(() => Load("rpmdb-wal.sqlite"));

    public static IEnumerable<MutationTarget> All =>
    [
        .. ((string[])["rpmdb.sqlite", "rpmdb-512.sqlite", "rpmdb-65536.sqlite", "Packages-little", "Packages-big", "Packages-small", "Packages.db"]).Select(name =>
            new MutationTarget("packages-" + name, () => Load(name), (database, meter) => Read(database, null, meter))),
        new MutationTarget("packages-wal", () => Load("rpmdb-wal.sqlite-wal"), (log, meter) => Read(LoggedDatabase.Value, log, meter)),

        // With right checksums the damaged pages count.
        new MutationTarget("packages-wal-repaired", () => Load("rpmdb-wal.sqlite-wal"), (log, meter) => Read(LoggedDatabase.Value, log, meter)) { Repair = RepairLog },
        new MutationTarget("packages-dpkg", () => new MemoryContent(System.Text.Encoding.UTF8.GetBytes(Fixture.Text("Packages/dpkg-status"))), (status, meter) =>
        {
            InstalledPackages.Read(new ContentTree().Add("/var/lib/dpkg/status", status));
            meter.Step();
        }),
    ];

    private static MemoryContent Load(string name) => Fixture.Load("Packages/" + name);

    private static void Read(DiskContent database, DiskContent? log, MemoryMeter meter)
    {
        RpmDatabase.Read(database, "/db", suffix => suffix == "-wal" ? log : null);
        meter.Step();
    }

    private static void RepairLog(MutantContent log)
    {
        byte[] salt = log.ReadBytes(SqliteFormat.WalSaltOffset, SqliteFormat.SaltSize);
        (uint First, uint Second) sum = SqliteWal.Checksum((0, 0), log.ReadBytes(0, SqliteFormat.WalChecksumOffset), big: false);
        Write(SqliteFormat.WalChecksumOffset);
        for (long frame = SqliteFormat.WalHeaderSize; log.Length - frame >= SqliteFormat.WalFrameHeaderSize + LogPageSize; frame += SqliteFormat.WalFrameHeaderSize + LogPageSize)
        {
            log.Write(frame + SqliteFormat.FrameSaltOffset, salt);
            sum = SqliteWal.Checksum(sum, log.ReadBytes(frame, SqliteFormat.FrameSaltOffset), big: false);
            sum = SqliteWal.Checksum(sum, log.ReadBytes(frame + SqliteFormat.WalFrameHeaderSize, LogPageSize), big: false);
            Write(frame + SqliteFormat.FrameChecksumOffset);
        }

        void Write(long offset)
        {
            byte[] bytes = new byte[SqliteFormat.SaltSize];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, sum.First);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), sum.Second);
            log.Write(offset, bytes);
        }
    }
}
