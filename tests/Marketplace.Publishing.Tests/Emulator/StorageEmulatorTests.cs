using System.Diagnostics;
using Marketplace.Publishing.Emulator;

namespace Marketplace.Publishing.Tests.Emulator;

[TestClass]
public sealed class StorageEmulatorTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Shows_the_same_blobs_when_started_again_on_the_same_directory()
    {
        string data = Directory.CreateTempSubdirectory("mkt-data-").FullName;
        try
        {
            using (StorageEmulator first = await StartAsync(data))
            {
                Assert.IsTrue(first.Endpoint.IsLoopback);
                var connection = await Emulated.OpenAsync(TestContext.CancellationToken, "kept", first.Endpoint);
                await connection.Container.GetBlobClient("a.txt").UploadAsync(BinaryData.FromString("hello"), TestContext.CancellationToken);
            }

            using StorageEmulator second = await StartAsync(data);
            var again = await Emulated.OpenAsync(TestContext.CancellationToken, "kept", second.Endpoint);
            var content = await again.Container.GetBlobClient("a.txt").DownloadContentAsync(TestContext.CancellationToken);
            Assert.AreEqual("hello", content.Value.Content.ToString());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [TestMethod]
    public async Task Ends_when_it_is_disposed()
    {
        string data = Directory.CreateTempSubdirectory("mkt-data-").FullName;
        StorageEmulator emulator = await StartAsync(data);
        using var child = Process.GetProcessById(emulator.ProcessId);
        emulator.Dispose();
        Assert.IsTrue(child.WaitForExit(TimeSpan.FromSeconds(5)));
        Directory.Delete(data, recursive: true);
    }

    [TestMethod]
    public async Task A_second_one_on_the_same_directory_waits_for_the_first()
    {
        string data = Directory.CreateTempSubdirectory("mkt-data-").FullName;
        StorageEmulator first = await StartAsync(data);
        List<string> log = [];
        Task<StorageEmulator> starting = StorageEmulator.StartAsync(StorageEmulator.DefaultInstallDirectory, data, log.Add, Environment.GetEnvironmentVariable, TestContext.CancellationToken);
        await Task.Delay(1000, TestContext.CancellationToken);
        Assert.IsFalse(starting.IsCompleted);
        first.Dispose();
        (await starting).Dispose();
        StringAssert.Contains(log.Single(), "waiting");
        Directory.Delete(data, recursive: true);
    }

    // A parent that is killed closes nothing in good order; the system closes its end of the pipe.
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Ends_when_its_parent_is_killed()
    {
        string data = Directory.CreateTempSubdirectory("mkt-data-").FullName;
        string launcher = Path.Combine(data, "launcher.js");
        await File.WriteAllTextAsync(launcher, AzuriteInstallation.ReadResource("launcher.js"), TestContext.CancellationToken);
        const string Script = "require('child_process').spawn(process.execPath, process.argv.slice(-3), { stdio: ['pipe', 'inherit', 'inherit'] }); setInterval(() => {}, 1000);";
        var start = new ProcessStartInfo("node", ["-e", Script, "--", launcher, StorageEmulator.DefaultInstallDirectory, data]) { RedirectStandardOutput = true };
        using Process parent = Process.Start(start)!;
        StringAssert.StartsWith(await parent.StandardOutput.ReadLineAsync(TestContext.CancellationToken), "listening http://127.0.0.1:");
        using var child = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(data, "emulator.pid"), TestContext.CancellationToken), System.Globalization.CultureInfo.InvariantCulture));
        parent.Kill();
        Assert.IsTrue(child.WaitForExit(TimeSpan.FromSeconds(15)));
        Directory.Delete(data, recursive: true);
    }

    [TestMethod]
    public async Task Says_that_Node_is_missing()
    {
        PublishingException exception = await FailAsync(name => name == "PATH" ? Path.GetTempPath() : null);
        Assert.AreEqual("MKT0020", exception.Code);
        StringAssert.Contains(exception.Message, "'node' was not found on PATH");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Says_that_Node_is_too_old()
    {
        string bin = Directory.CreateTempSubdirectory("mkt-bin-").FullName;
        await WriteScriptAsync(bin, "node", "echo v18.19.1");
        await WriteScriptAsync(bin, "npm", "exit 1");
        PublishingException exception = await FailAsync(name => name == "PATH" ? bin : null);
        Assert.AreEqual("MKT0021", exception.Code);
        StringAssert.Contains(exception.Message, "v18.19.1");
        Directory.Delete(bin, recursive: true);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Says_what_npm_said_when_the_installation_fails_and_leaves_nothing_behind()
    {
        string bin = Directory.CreateTempSubdirectory("mkt-bin-").FullName;
        string install = Path.Combine(bin, "installed");
        await WriteScriptAsync(bin, "node", "echo v20.1.0");
        await WriteScriptAsync(bin, "npm", "echo 'npm error ENOTFOUND https://user:secret@registry.invalid/azurite?sig=abc' >&2; exit 1");
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => StorageEmulator.StartAsync(
            install, bin, _ => { }, name => name == "PATH" ? $"{bin}{Path.PathSeparator}/usr/bin{Path.PathSeparator}/bin" : null, TestContext.CancellationToken));
        Assert.AreEqual("MKT0022", exception.Code);
        StringAssert.Contains(exception.Message, "ENOTFOUND");
        Assert.DoesNotContain("secret", exception.Message);
        Assert.DoesNotContain("abc", exception.Message);
        Assert.IsEmpty(Directory.GetDirectories(bin));
        Directory.Delete(bin, recursive: true);
    }

    [TestMethod]
    public async Task Says_that_the_data_directory_cannot_be_used()
    {
        string file = Path.GetTempFileName();
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => StorageEmulator.StartAsync(
            StorageEmulator.DefaultInstallDirectory, Path.Combine(file, "data"), _ => { }, Environment.GetEnvironmentVariable, TestContext.CancellationToken));
        Assert.AreEqual("MKT0023", exception.Code);
        File.Delete(file);
    }

    private static async Task WriteScriptAsync(string directory, string name, string body)
    {
        string path = Path.Combine(directory, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Task<PublishingException> FailAsync(Func<string, string?> environment) =>
        Assert.ThrowsExactlyAsync<PublishingException>(() => StorageEmulator.StartAsync(Path.GetTempPath(), Path.GetTempPath(), _ => { }, environment, TestContext.CancellationToken));

    private Task<StorageEmulator> StartAsync(string data) =>
        StorageEmulator.StartAsync(StorageEmulator.DefaultInstallDirectory, data, TestContext.WriteLine, Environment.GetEnvironmentVariable, TestContext.CancellationToken);
}
