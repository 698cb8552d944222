using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Serving;
using Fairlead.Proxy.Tests.GroupServices;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ServedPortRetryTests : ServeHostTest
{
    private static readonly IPAddress _pod = IPAddress.Parse("127.98.4.1");

    private readonly HeldTime _time = new(ServedPort.FirstWait);

    [Fact]
    public async Task A_taken_port_of_the_Pod_keeps_nobody_of_the_tailnet_out_and_is_served_once_it_is_free()
    {
        var other = new TcpListener(_pod, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var host = NewHost(_time, ServingLimits.Default, _pod);

        await host.UseAsync(Text(port, "served"), Stop);
        using (var http = new HttpClient(Fairlead.Tailnet.Hosting.TailnetHostingExtensions.CreateHttpHandler(Laptop)))
        {
            Assert.Equal("served", await http.GetStringAsync(new Uri($"http://app:{port}/"), Stop));
        }

        await _time.Waiting.WaitAsync(Limit, Stop);
        other.Dispose();
        _time.Release();

        await using var stream = await ConnectedAsync(async () =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_pod, port, Stop);
            return new NetworkStream(socket, ownsSocket: true);
        });
        Assert.Contains("served", await ServingTest.AskAsync(stream, $"{_pod}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_of_the_device_is_served_once_it_is_free()
    {
        var backend = StartEcho(IPAddress.Loopback, "served");
        var other = Node.ListenTcp(7000);
        var host = NewHost(_time, ServingLimits.Default);

        await host.UseAsync($$"""{ "TCP": { "7000": { "TCPForward": "127.0.0.1:{{backend}}" } } }""", Stop);
        await _time.Waiting.WaitAsync(Limit, Stop);
        other.Dispose();
        _time.Release();

        await using var stream = await ConnectedAsync(() => Laptop.DialAsync("app", 7000, Stop));
        Assert.Equal("served: hello", await ExchangeAsync(stream, "hello"));
    }

    [Fact]
    public async Task A_port_that_is_configured_no_more_is_not_tried_again()
    {
        var other = new TcpListener(_pod, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var host = NewHost(_time, ServingLimits.Default, _pod);
        await host.UseAsync(Text(port, "served"), Stop);
        await _time.Waiting.WaitAsync(Limit, Stop);

        await host.UseAsync("{}", Stop);
        other.Dispose();
        _time.Release();

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(_pod, port, Stop));
    }

    /// <summary>Once somebody listens there.</summary>
    private static async Task<Stream> ConnectedAsync(Func<Task<Stream>> connectAsync)
    {
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return await connectAsync();
            }
            catch (Exception e) when (e is IOException or SocketException && Stopwatch.GetElapsedTime(start) < Limit)
            {
                await Task.Yield();
            }
        }
    }

    private static string Text(int port, string text) => $$"""
        { "TCP": { "{{port}}": { "HTTP": true } }, "Web": { "app:{{port}}": { "Handlers": { "/": { "Text": "{{text}}" } } } } }
        """;
}
