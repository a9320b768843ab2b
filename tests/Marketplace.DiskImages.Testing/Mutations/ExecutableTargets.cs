using Marketplace.DiskImages.Executables;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Programs of Windows, of which the version is read.</summary>
internal static class ExecutableTargets
{
    public static IEnumerable<MutationTarget> All =>
    [
        new MutationTarget("executable-version", () => new MemoryContent(ExecutableBuilder.Create(new Version(10, 0, 20348, 2655))), (file, meter) =>
        {
            PortableExecutable.Open(file).ReadFileVersion();
            meter.Step();
        }),
    ];
}
