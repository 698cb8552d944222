using System.Security.Cryptography;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Nodes;

namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>The side of <see cref="NodeProcess"/> in the namespace: a node that does what lines on standard input say, until they end.</summary>
public sealed class NodeInHomeTests
{
    private const int EchoPort = 7;

    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private TailnetNode? _node;

    [Fact]
    public async Task A_node_obeys()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(NodeProcess.Variable) == "1", "It is run behind a router by another test.");
        try
        {
            while (await Console.In.ReadLineAsync(_stop) is { } command)
            {
                string answer;
                try
                {
                    answer = await ObeyAsync(command.Split(' '));
                }
                catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
                {
                    answer = NodeProcess.FailureMark + e.ToString().ReplaceLineEndings(" ");
                }

                Console.WriteLine(NodeProcess.AnswerMark + answer);
            }
        }
        finally
        {
            await StopAsync();
        }
    }

    private async Task<string> ObeyAsync(string[] command)
    {
        switch (command)
        {
            case ["start", var hostname, var controlUrl, var authKey, var port]:
                _node = await TailnetNode.StartAsync(
                    new TailnetNodeOptions { ControlUrl = new Uri(controlUrl), AuthKey = authKey, Hostname = hostname, UdpPort = int.Parse(port) }, _stop);
                _ = EchoAsync(_node.ListenTcp(EchoPort));
                return "started";
            case ["path", var host]:
                return (await _node!.PingAsync(host, PingKind.Disco, PingLimit, _stop)).Path;
            case ["carrier", var host]:
                return _node!.Status.Peers.Single(peer => peer.HostName == host).CurrentAddress;
            case ["transfer", var host, var length, var pause]:
                return await TransferAsync(host, int.Parse(length), bool.Parse(pause));
            case ["stop"]:
                await StopAsync();
                return "stopped";
            default:
                throw new ArgumentException($"'{command[0]}' is no command, or not with so many parts.");
        }
    }

    /// <summary>Sends a file, which comes back.</summary>
    /// <returns>The hash of what was sent and the hash of what came back.</returns>
    private async Task<string> TransferAsync(string host, int length, bool pause)
    {
        await using var connection = await _node!.DialAsync(host, EchoPort, _stop);
        var file = Transfer.File(length, 1);
        var received = new byte[length];
        var half = length / 2;
        await Task.WhenAll(connection.WriteAsync(file.AsMemory(0, half), _stop).AsTask(), connection.ReadExactlyAsync(received.AsMemory(0, half), _stop).AsTask());
        if (pause)
        {
            Console.WriteLine(NodeProcess.AnswerMark + "half");
            await Console.In.ReadLineAsync(_stop);
        }

        await Task.WhenAll(connection.WriteAsync(file.AsMemory(half), _stop).AsTask(), connection.ReadExactlyAsync(received.AsMemory(half), _stop).AsTask());
        return $"{Convert.ToHexString(SHA256.HashData(file))} {Convert.ToHexString(SHA256.HashData(received))}";
    }

    private async Task EchoAsync(TailnetListener listener)
    {
        try
        {
            while (true)
            {
                await using var connection = await listener.AcceptAsync(_stop);
                await connection.CopyToAsync(connection, _stop);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The node has stopped.
        }
    }

    private async Task StopAsync()
    {
        if (_node is { } node)
        {
            _node = null;
            await node.DisposeAsync();
        }
    }
}
