using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Marketplace.Publishing.Emulator;

/// <summary>The pinned Azurite, run on a free loopback port as a child that ends with this process whatever happens to it.</summary>
public sealed class StorageEmulator : IDisposable
{
    /// <summary>The account of the emulator, a public constant of Azurite.</summary>
    public const string AccountName = "devstoreaccount1";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly FileStream _lock;
    private bool _disposed;

    private StorageEmulator(Process process, FileStream directoryLock, Uri endpoint)
    {
        _process = process;
        _lock = directoryLock;
        Endpoint = endpoint;
    }

    /// <summary>Where the pinned version is installed for the current user unless another directory is asked for.</summary>
    public static string DefaultInstallDirectory { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "Marketplace.Build.Sdk",
        $"azurite-{AzuriteInstallation.Version}");

    /// <summary>The blob endpoint, for example <c>http://127.0.0.1:40123/devstoreaccount1</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The process identifier of the child.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Installs the pinned version where it is not yet, starts it and waits until it answers.</summary>
    /// <param name="installDirectory">Where the pinned version is or will be installed; see <see cref="DefaultInstallDirectory"/>.</param>
    /// <param name="dataDirectory">Where blobs are kept; the same directory shows the same blobs next time. One emulator at a time uses it: a second one waits.</param>
    /// <param name="log">Receives what takes long (an installation), one plain sentence each.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PublishingException">MKT0020 or MKT0021 when Node.js or npm is missing or too old, MKT0022 when the installation and MKT0023 when the start failed.</exception>
    public static async Task<StorageEmulator> StartAsync(string installDirectory, string dataDirectory, Action<string> log, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(installDirectory);
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(environment);

        string install = Path.GetFullPath(installDirectory);
        string data = Path.GetFullPath(dataDirectory);
        NodeTools tools = await NodeTools.FindAsync(environment, cancellationToken);
        await AzuriteInstallation.EnsureAsync(tools, install, log, cancellationToken);
        FileStream directoryLock = await LockAsync(data, log, cancellationToken);
        try
        {
            await WaitForPredecessorAsync(data, cancellationToken);
            return await LaunchAsync(tools, install, data, directoryLock, cancellationToken);
        }
        catch
        {
            await directoryLock.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Stop(_process);
        _lock.Dispose();
    }

    private static async Task<FileStream> LockAsync(string data, Action<string> log, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        bool told = false;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(data);
                return new FileStream(Path.Combine(data, "emulator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw StartFailed(data, exception.Message);
            }
            catch (IOException exception)
            {
                if (!Directory.Exists(data) || Stopwatch.GetElapsedTime(started) > LockTimeout)
                {
                    throw StartFailed(data, Directory.Exists(data) ? $"Another publish has used its directory for more than {LockTimeout.TotalSeconds:0} seconds" : exception.Message);
                }
            }

            if (!told)
            {
                log($"Another publish uses the storage emulator's directory '{data}'; waiting for it to end.");
                told = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
    }

    // The lock of a killed process is free at once, while its emulator still saves for a moment: two of them would overwrite each other.
    private static async Task WaitForPredecessorAsync(string data, CancellationToken cancellationToken)
    {
        string pidFile = Path.Combine(data, "emulator.pid");
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StopTimeout && File.Exists(pidFile) && IsNodeRunning(pidFile))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        File.Delete(pidFile);
    }

    private static bool IsNodeRunning(string pidFile)
    {
        try
        {
            if (!int.TryParse(File.ReadAllText(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                return false;
            }

            using var process = Process.GetProcessById(id);
            return process.ProcessName.Contains("node", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or Win32Exception)
        {
            // No such process any more, or the file went away between two looks at it.
            return false;
        }
    }

    private static async Task<StorageEmulator> LaunchAsync(NodeTools tools, string install, string data, FileStream directoryLock, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = tools.Describe(tools.Node, ["-e", AzuriteInstallation.ReadResource("launcher.js"), "--", install, data], data);
        // Both would make Azurite use other accounts or another store than this library expects.
        start.Environment.Remove("AZURITE_ACCOUNTS");
        start.Environment.Remove("AZURITE_DB");

        var process = new Process { StartInfo = start };
        var output = new OutputTail();
        var listening = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Observe(line.Data, output, listening);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            process.Dispose();
            throw StartFailed(data, exception.Message);
        }

        try
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            string? address = await listening.Task.WaitAsync(StartTimeout, cancellationToken);
            if (address is null)
            {
                await process.WaitForExitAsync(cancellationToken);
                throw StartFailed(data, $"Azurite ended with exit code {process.ExitCode}: {Redaction.Clean(output.ToString())}");
            }

            return new StorageEmulator(process, directoryLock, new Uri($"{address}/{AccountName}"));
        }
        catch (TimeoutException)
        {
            Stop(process);
            throw StartFailed(data, $"Azurite did not listen within {StartTimeout.TotalSeconds:0} seconds");
        }
        catch
        {
            Stop(process);
            throw;
        }
    }

    private static void Observe(string? line, OutputTail output, TaskCompletionSource<string?> listening)
    {
        const string Prefix = "listening ";
        if (line is null)
        {
            listening.TrySetResult(null);
        }
        else if (line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            listening.TrySetResult(line[Prefix.Length..]);
        }
        else
        {
            output.Add(line);
        }
    }

    private static void Stop(Process process)
    {
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(StopTimeout))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or Win32Exception)
        {
            // The child ended by itself between two of these calls, which is what was wanted.
        }
        finally
        {
            process.Dispose();
        }
    }

    private static PublishingException StartFailed(string data, string why) =>
        new("MKT0023", $"The storage emulator could not be started on '{data}'. {why.TrimEnd('.')}. Check that the directory is writable and that no other publish uses it, then publish again.");
}
