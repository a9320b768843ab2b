using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Marketplace.Publishing.Emulator;

/// <summary>Node.js and npm as a search path names them.</summary>
internal sealed class NodeTools
{
    /// <summary>The oldest major version of Node.js the pinned Azurite is run on.</summary>
    public const int MinimumNodeMajor = 20;

    private const string WhyNode = "The storage emulator is Azurite, which runs on Node.js";

    private readonly string _searchPath;
    private readonly string _npm;

    private NodeTools(string searchPath, string node, string npm)
    {
        _searchPath = searchPath;
        Node = node;
        _npm = npm;
    }

    /// <summary>Path of the Node.js executable.</summary>
    public string Node { get; }

    /// <summary>Finds both on the search path and checks the version of Node.js.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="PublishingException">MKT0020 when one is missing or does not run, MKT0021 when Node.js is too old.</exception>
    public static async Task<NodeTools> FindAsync(Func<string, string?> environment, CancellationToken cancellationToken)
    {
        string searchPath = environment("PATH") ?? "";
        string? node = Find(searchPath, OperatingSystem.IsWindows() ? ["node.exe"] : ["node"]);
        string? npm = Find(searchPath, OperatingSystem.IsWindows() ? ["npm.cmd", "npm.exe"] : ["npm"]);
        if (node is null || npm is null)
        {
            throw new PublishingException(
                "MKT0020",
                $"{WhyNode}, and {(node is null ? "'node'" : "'npm'")} was not found on PATH. Install Node.js {MinimumNodeMajor} or later with npm (https://nodejs.org), or publish to an Azure account by leaving VmImageUseStorageEmulator unset.");
        }

        var tools = new NodeTools(searchPath, node, npm);
        (int exitCode, string output) = await tools.RunAsync(node, ["--version"], Environment.CurrentDirectory, cancellationToken);
        string version = output.Trim();
        if (exitCode != 0 || !TryParseMajor(version, out int major))
        {
            throw new PublishingException("MKT0020", $"{WhyNode}, and '{node} --version' did not tell a version (exit code {exitCode}). Reinstall Node.js {MinimumNodeMajor} or later.");
        }

        if (major < MinimumNodeMajor)
        {
            throw new PublishingException("MKT0021", $"{WhyNode} {MinimumNodeMajor} or later, and '{node}' is {version}. Install a newer Node.js, or put it first on PATH.");
        }

        return tools;
    }

    /// <summary>Runs npm and returns its exit code and the end of what it printed.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <param name="workingDirectory">Where to run it.</param>
    /// <param name="cancellationToken">Ends npm.</param>
    public Task<(int ExitCode, string Output)> RunNpmAsync(IReadOnlyList<string> arguments, string workingDirectory, CancellationToken cancellationToken) =>
        RunAsync(_npm, arguments, workingDirectory, cancellationToken);

    /// <summary>Describes a child that sees the search path the tools were found on.</summary>
    /// <param name="fileName">The executable.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="workingDirectory">Where to run it.</param>
    public ProcessStartInfo Describe(string fileName, IReadOnlyList<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["PATH"] = _searchPath;
        return start;
    }

    private static bool TryParseMajor(string version, out int major)
    {
        major = 0;
        int dot = version.IndexOf('.', StringComparison.Ordinal);
        return version.StartsWith('v') && dot > 1 && int.TryParse(version.AsSpan(1, dot - 1), NumberStyles.None, CultureInfo.InvariantCulture, out major);
    }

    private static string? Find(string searchPath, IReadOnlyList<string> names) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => names.Select(name => Path.Combine(directory.Trim('"'), name)))
            .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private async Task<(int ExitCode, string Output)> RunAsync(string fileName, IReadOnlyList<string> arguments, string workingDirectory, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(fileName, arguments, workingDirectory) };
        var output = new OutputTail();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, output.ToString());
    }
}
