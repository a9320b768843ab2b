using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Registry;
using Marketplace.DiskImages.Registry.Logs;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Registry hives, and the logs of dirty ones.</summary>
internal static class RegistryTargets
{
    private const int EntryOffset = 512;

    public static IEnumerable<MutationTarget> All =>
    [
        .. ((string[])["small", "everything", "many", "hivex", "version-3"]).Select(name => new MutationTarget("registry-" + name, () => Load(name), (hive, meter) => Walk(RegistryHive.Open(hive), meter)) { Repair = RepairBaseBlock }),
        .. ((string[])["dirty.LOG1", "dirty-all.LOG1", "dirty-old.LOG1"]).Select(name => new MutationTarget("registry-" + name, () => Load(name), ReadWithLog)),
        .. ((string[])["dirty-all.LOG1", "dirty-old.LOG1"]).Select(name => new MutationTarget($"registry-{name}-repaired", () => Load(name), ReadWithLog) { Repair = RepairLog }),
        new MutationTarget("registry-dirty", () => Load("dirty"), (hive, meter) => Walk(RegistryHive.Open(hive, Load("dirty.LOG1"), Load("dirty.LOG2")), meter)),
    ];

    private static MemoryContent Load(string name) => Fixture.Load("Registry/" + name);

    private static void ReadWithLog(DiskContent log, MemoryMeter meter) => Walk(RegistryHive.Open(Load("dirty"), log), meter);

    /// <summary>Reads every key and value; damage in one place does not end the walk.</summary>
    private static void Walk(RegistryHive hive, MemoryMeter meter)
    {
        DiskFormatException? first = null;
        Stack<RegistryKey> pending = new([hive.Root]);
        while (pending.TryPop(out RegistryKey? key))
        {
            Guard(() =>
            {
                foreach (RegistryKey subkey in key.EnumerateSubkeys())
                {
                    pending.Push(subkey);
                    meter.Step();
                }
            });
            Guard(() =>
            {
                foreach (RegistryValue value in key.EnumerateValues())
                {
                    Guard(() => _ = (value.ReadString(), value.ReadStrings(), value.Length >= sizeof(uint) ? value.ReadUInt64() : null, value.ReadBytes().Length));
                }
            });
        }

        Guard(() => hive.FindKey(@"Many\Subkey 0001"));
        if (first is not null)
        {
            throw first;
        }

        void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (DiskFormatException e)
            {
                first ??= e;
            }

            meter.Step();
        }
    }

    private static void RepairBaseBlock(MutantContent hive)
    {
        byte[] block = hive.ReadBytes(0, 508);
        uint sum = 0;
        for (int i = 0; i < block.Length; i += sizeof(uint))
        {
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(i));
        }

        hive.Write(508, BitConverter.GetBytes(sum));
    }

    private static void RepairLog(MutantContent log)
    {
        RepairBaseBlock(log);
        byte[] header = log.ReadBytes(EntryOffset, HiveLogFormat.EntryHeaderSize);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(HiveLogFormat.EntrySizeOffset));
        if (header.AsSpan().StartsWith(HiveLogFormat.EntrySignature) && size >= header.Length && size <= log.Length - EntryOffset)
        {
            byte[] body = log.ReadBytes(EntryOffset + header.Length, (int)size - header.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(HiveLogFormat.EntryHash1Offset), Marvin32.Hash(body));
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(HiveLogFormat.EntryHash2Offset), Marvin32.Hash(header.AsSpan(0, HiveLogFormat.EntryHash2Length)));
            log.Write(EntryOffset, header);
        }
    }
}
