using System.Globalization;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>The package of this run: packed once under a version nobody has seen, unpacked into a folder of its own.</summary>
[TestClass]
public static class PackedSdk
{
    /// <summary>The version of this run.</summary>
    internal static string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"1.0.0-e2e.{DateTime.UtcNow.Ticks}");

    /// <summary>Everything the tests of this run make.</summary>
    internal static string RunFolder { get; } = Path.Combine(Path.GetTempPath(), "marketplace-sdk-tests", Version);

    /// <summary>The feed that holds the package.</summary>
    internal static string Feed { get; } = Path.Combine(RunFolder, "feed");

    /// <summary>The package.</summary>
    internal static string Package { get; } = Path.Combine(Feed, $"Marketplace.Build.Sdk.{Version}.nupkg");

    [AssemblyInitialize]
    public static async Task PackAsync(TestContext context)
    {
        Directory.CreateDirectory(Feed);
        var packed = await DotNet.RunAsync(
            Repository.Root,
            new Dictionary<string, string?>(),
            ["pack", Repository.Path("sdk", "Marketplace.Build.Sdk.csproj"), "--no-build", "-c", Repository.Configuration, $"-p:PackageVersion={Version}", "-o", Feed],
            context.CancellationToken);
        packed.MustSucceed();
    }

    [AssemblyCleanup]
    public static void Clean() => Directory.Delete(RunFolder, recursive: true);
}
