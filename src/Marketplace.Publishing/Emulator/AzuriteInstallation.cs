using System.ComponentModel;
using System.Reflection;

namespace Marketplace.Publishing.Emulator;

/// <summary>The pinned Azurite as npm installs it from the lock file this library carries.</summary>
internal static class AzuriteInstallation
{
    /// <summary>The pinned version; later ones ask for Node.js 21.</summary>
    public const string Version = "3.35.0";

    private const string EntryPoint = "node_modules/azurite/dist/src/blob/BlobServerFactory.js";

    /// <summary>Installs into the directory unless it is there already. Two installations at once do no harm: the first to finish stays.</summary>
    /// <param name="tools">Node.js and npm.</param>
    /// <param name="directory">Where the version is or will be installed.</param>
    /// <param name="log">Receives a sentence before an installation.</param>
    /// <param name="cancellationToken">Cancels the installation.</param>
    /// <exception cref="PublishingException">MKT0022 when the installation failed.</exception>
    public static async Task EnsureAsync(NodeTools tools, string directory, Action<string> log, CancellationToken cancellationToken)
    {
        if (IsInstalled(directory))
        {
            return;
        }

        log($"Installing the storage emulator (Azurite {Version}) with npm into '{directory}'. This happens once.");
        string staging = $"{directory}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(staging);
            await WriteResourceAsync("package.json", staging, cancellationToken);
            await WriteResourceAsync("package-lock.json", staging, cancellationToken);
            // Install scripts are not needed and not run; the lock file's integrity hashes decide what is accepted.
            (int exitCode, string output) = await tools.RunNpmAsync(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-progress"], staging, cancellationToken);
            if (exitCode != 0 || !IsInstalled(staging))
            {
                throw Failed(directory, $"'npm ci' ended with exit code {exitCode}: {Redaction.Clean(output)}");
            }

            Publish(staging, directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw Failed(directory, exception.Message);
        }
        finally
        {
            DeleteLeftover(staging);
        }
    }

    /// <summary>The text of a file that is part of this library.</summary>
    /// <param name="name">Name of the file.</param>
    public static string ReadResource(string name)
    {
        using Stream stream = OpenResource(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool IsInstalled(string directory) => File.Exists(Path.Combine(directory, EntryPoint));

    private static void Publish(string staging, string directory)
    {
        if (Directory.Exists(directory) && !IsInstalled(directory))
        {
            // Something incomplete is in the way: an empty directory of the caller, or an installation somebody took apart.
            string aside = $"{directory}.{Guid.NewGuid():N}.tmp";
            Directory.Move(directory, aside);
            DeleteLeftover(aside);
        }

        try
        {
            Directory.Move(staging, directory);
        }
        catch (IOException) when (IsInstalled(directory))
        {
            // Another process finished first; its installation is the same.
        }
    }

    private static void DeleteLeftover(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A leftover costs space only; it must not hide the result of the installation.
        }
    }

    private static async Task WriteResourceAsync(string name, string directory, CancellationToken cancellationToken)
    {
        await using Stream source = OpenResource(name);
        await using FileStream destination = File.Create(Path.Combine(directory, name));
        await source.CopyToAsync(destination, cancellationToken);
    }

    private static Stream OpenResource(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream($"Azurite/{name}")
        ?? throw new InvalidOperationException($"The resource '{name}' is not part of the assembly.");

    private static PublishingException Failed(string directory, string why) =>
        new("MKT0022", $"The storage emulator (Azurite {Version}) could not be installed into '{directory}'. {why.TrimEnd('.')}. Check that npm reaches its registry ('npm ping') and that the directory is writable, then publish again.");
}
