using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>A folder of one test, outside the repository, whose projects use the packed SDK and no other feed.</summary>
internal sealed class Workspace
{
    private readonly Dictionary<string, string?> _environment = [];

    private Workspace(string root) => Root = root;

    public string Root { get; }

    /// <summary>Variables for the commands that follow.</summary>
    public IDictionary<string, string?> Environment => _environment;

    public static Workspace Create([CallerMemberName] string name = "")
    {
        var root = Directory.CreateDirectory(System.IO.Path.Combine(PackedSdk.RunFolder, $"{name[..Math.Min(name.Length, 40)]}-{Guid.NewGuid():N}"[..^20])).FullName;
        var workspace = new Workspace(root);
        workspace.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{System.IO.Path.Combine(PackedSdk.RunFolder, "packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{PackedSdk.Feed}" /></packageSources>
            </configuration>
            """);
        workspace.Write("global.json", $$"""{ "msbuild-sdks": { "Marketplace.Build.Sdk": "{{PackedSdk.Version}}" } }""");
        return workspace;
    }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public string Write(string name, string text)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Read(params string[] parts) => File.ReadAllText(Path(parts));

    /// <summary>Runs dotnet in the workspace.</summary>
    public Task<BuildOutput> RunAsync(params string[] arguments) =>
        DotNet.RunAsync(Root, _environment, arguments, CancellationToken.None);

    /// <summary>Starts dotnet in the workspace.</summary>
    public Process Start(out StringBuilder output, params string[] arguments) =>
        DotNet.Start(Root, _environment, arguments, out output);
}
