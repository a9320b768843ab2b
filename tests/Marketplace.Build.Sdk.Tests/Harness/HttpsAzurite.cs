using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Marketplace.Publishing.Emulator;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>A real Azurite that speaks https with a certificate of its own, to be trusted through <c>SSL_CERT_FILE</c>.</summary>
internal sealed class HttpsAzurite : IDisposable
{
    private const string Listening = "successfully listens on ";

    private readonly Process _process;

    private readonly Task _output;

    private HttpsAzurite(Process process, Task output, Uri endpoint, string certificateFile)
    {
        _process = process;
        _output = output;
        Endpoint = endpoint;
        CertificateFile = certificateFile;
    }

    /// <summary>The blob endpoint of the emulator's account.</summary>
    public Uri Endpoint { get; }

    /// <summary>The certificate, for <c>SSL_CERT_FILE</c>.</summary>
    public string CertificateFile { get; }

    public static async Task<HttpsAzurite> StartAsync(CancellationToken cancellationToken)
    {
        // Installs the pinned version where no test did so far.
        using (await Azurite.StartAsync(cancellationToken))
        {
        }

        var data = Directory.CreateDirectory(Path.Combine(PackedSdk.RunFolder, $"azurite-https-{Guid.NewGuid():N}")).FullName;
        var (certificate, key) = WriteCertificate(data);
        var main = Path.Combine(StorageEmulator.DefaultInstallDirectory, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        string[] arguments = [main, "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", data, "--cert", certificate, "--key", key];
        var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = data })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                // Read on, or a full pipe would stop it.
                var rest = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new HttpsAzurite(process, rest, new Uri($"{line[(at + Listening.Length)..].Trim()}/{StorageEmulator.AccountName}"), certificate);
            }
        }

        process.Dispose();
        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    /// <summary>A container, through a client that is not the product's and takes this certificate only.</summary>
    public BlobContainerClient Container(string name)
    {
        var own = X509Certificate2.CreateFromPem(File.ReadAllText(CertificateFile)).GetCertHashString();
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == own;
        var options = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2023_11_03) { Transport = new HttpClientTransport(new HttpClient(handler)) };
        return new BlobContainerClient(new Uri($"{Endpoint}/{name}"), new StorageSharedKeyCredential(StorageEmulator.AccountName, Azurite.Key), options);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _output.Wait();
        _process.Dispose();
    }

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        string certificateFile = Path.Combine(folder, "certificate.pem");
        string keyFile = Path.Combine(folder, "key.pem");
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
