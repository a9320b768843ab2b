using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Marketplace.Publishing.Tests;

/// <summary>What the proxy does with a request.</summary>
public enum Fault
{
    None,

    /// <summary>Answers 503 ServerBusy with Retry-After: 1, without passing the request on.</summary>
    ServerBusy,

    /// <summary>Answers 500 without passing the request on.</summary>
    InternalError,

    /// <summary>Resets the connection before passing the request on.</summary>
    Reset,

    /// <summary>Passes the request on and resets the connection instead of answering.</summary>
    LoseAnswer,

    /// <summary>Passes the request on and sends half of the answer only.</summary>
    TruncateAnswer,

    /// <summary>Flips a byte of the body on its way to the service.</summary>
    CorruptBody,

    /// <summary>Resets this connection and every one from now on.</summary>
    CutAll,

    /// <summary>Answers 403 with the error code KeyBasedAuthenticationNotPermitted.</summary>
    Forbid,

    /// <summary>Answers 409 with the error code a block blob account gives for a page blob.</summary>
    NoPageBlobs,

    /// <summary>Never answers.</summary>
    Hang,
}

/// <summary>A request as the proxy sees it.</summary>
public sealed record ProxiedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, int BodyLength)
{
    public bool IsPageWrite => Method == "PUT" && Query.Contains("comp=page", StringComparison.Ordinal);

    public bool IsCreatePageBlob => Method == "PUT" && Headers.ContainsKey("x-ms-blob-content-length");
}

/// <summary>A real HTTP proxy on loopback, in front of the emulator, that does to requests what networks and services do.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ProxiedRequest, Fault> _decide;
    private readonly Lock _lock = new();
    private readonly List<ProxiedRequest> _requests = [];
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile bool _cut;

    public FaultProxy(Uri target, Func<ProxiedRequest, Fault> decide)
    {
        _target = target;
        _decide = decide;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{target.AbsolutePath}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    public IReadOnlyList<ProxiedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Decides by counting: the first <paramref name="count"/> requests that match get the fault.</summary>
    public static Func<ProxiedRequest, Fault> First(int count, Fault fault, Func<ProxiedRequest, bool> matches)
    {
        int left = count;
        return request => matches(request) && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient downstream = client;
        // Closing resets instead of ending in good order.
        downstream.LingerState = new LingerOption(true, 0);
        using TcpClient upstream = new();
        try
        {
            await upstream.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            NetworkStream near = downstream.GetStream();
            NetworkStream far = upstream.GetStream();
            while (await ReadMessageAsync(near) is { } request && await ForwardAsync(request, near, far))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One of the ends went away.
        }
    }

    private async Task<bool> ForwardAsync(Message request, NetworkStream near, NetworkStream far)
    {
        string[] line = request.StartLine.Split(' ');
        int question = line[1].IndexOf('?', StringComparison.Ordinal);
        var proxied = new ProxiedRequest(line[0], question < 0 ? line[1] : line[1][..question], question < 0 ? "" : line[1][(question + 1)..], request.Headers, request.Body.Length);
        lock (_lock)
        {
            _requests.Add(proxied);
        }

        Fault fault = _cut ? Fault.CutAll : _decide(proxied);
        switch (fault)
        {
            case Fault.CutAll:
                _cut = true;
                return false;
            case Fault.Reset:
                return false;
            case Fault.Hang:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case Fault.ServerBusy:
                await AnswerAsync(near, "503 Service Unavailable", "ServerBusy", "Retry-After: 1\r\n");
                return true;
            case Fault.InternalError:
                await AnswerAsync(near, "500 Internal Server Error", "InternalError", "");
                return true;
            case Fault.Forbid:
                await AnswerAsync(near, "403 Forbidden", "KeyBasedAuthenticationNotPermitted", "");
                return true;
            case Fault.NoPageBlobs:
                await AnswerAsync(near, "409 Conflict", "FeatureNotYetSupportedForHierarchicalNamespaceAccounts", "");
                return true;
            case Fault.CorruptBody:
                request.Body[request.Body.Length / 2] ^= 0x55;
                break;
        }

        await far.WriteAsync(request.ToBytes(), _stop.Token);
        if (fault == Fault.LoseAnswer)
        {
            await ReadMessageAsync(far, noBody: proxied.Method == "HEAD");
            return false;
        }

        Message? answer = await ReadMessageAsync(far, noBody: proxied.Method == "HEAD");
        if (answer is null)
        {
            return false;
        }

        byte[] bytes = answer.ToBytes();
        await near.WriteAsync(fault == Fault.TruncateAnswer ? bytes.AsMemory(0, bytes.Length - (answer.Body.Length / 2) - 1) : bytes, _stop.Token);
        return fault != Fault.TruncateAnswer;
    }

    private async Task AnswerAsync(NetworkStream near, string status, string code, string headers)
    {
        string body = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>The proxy says so.</Message></Error>";
        string answer = $"HTTP/1.1 {status}\r\nx-ms-error-code: {code}\r\n{headers}Content-Type: application/xml\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await near.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
    }

    private async Task<Message?> ReadMessageAsync(NetworkStream stream, bool noBody = false)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || head[^4] != '\r' || head[^3] != '\n' || head[^2] != '\r' || head[^1] != '\n')
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string text = Encoding.ASCII.GetString([.. head]);
        string[] lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
        bool chunked = headers.TryGetValue("Transfer-Encoding", out string? encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase);
        byte[] body = noBody ? [] : chunked ? await ReadChunkedAsync(stream) : await ReadExactlyAsync(stream, headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0);
        return new Message(lines[0], [.. head], headers, body);
    }

    private async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int length)
    {
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return body;
    }

    // Passed on as it stands, chunk headers included.
    private async Task<byte[]> ReadChunkedAsync(NetworkStream stream)
    {
        List<byte> body = [];
        byte[] one = new byte[1];
        while (true)
        {
            int start = body.Count;
            do
            {
                await stream.ReadExactlyAsync(one, _stop.Token);
                body.Add(one[0]);
            }
            while (one[0] != '\n');
            int size = int.Parse(Encoding.ASCII.GetString([.. body.Skip(start)]).Trim(), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            body.AddRange(await ReadExactlyAsync(stream, size + 2));
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    private sealed record Message(string StartLine, byte[] Head, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public byte[] ToBytes() => [.. Head, .. Body];
    }
}
