using System.Text;
using Fairlead.Dev.Tailnet.Coordination.NodeCalls;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.RestApi;
using Fairlead.Tailnet.Fuzzing;

namespace Fairlead.Dev.Tests.Tailnet;

/// <summary>What nodes and users of the embedded tailnet send, damaged.</summary>
public sealed class CoordinationInputTests
{
    private static readonly IFuzzTarget[] Targets =
    [
        new Target(
            "node-answer",
            ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray(), "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"u8.ToArray()],
            input => HttpAnswerText.Parse(input)),
        new Target(
            "policy-hujson",
            [
                "{ /* c */ \"acls\": [{ \"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"], }], // d\n}"u8.ToArray(),
                """{"tagOwners":{"tag:a":["group:b"]},"groups":{"group:b":["c@example.com"]},"grants":[{"src":["tag:a"],"dst":["10.0.0.0/8"],"ip":["tcp:80-90"],"app":{"d":[{}]}}],"autoApprovers":{"routes":{"10.0.0.0/8":["tag:a"]},"services":{"svc:e":["tag:a"]}}}"""u8.ToArray(),
            ],
            input => new PolicyFile(Encoding.UTF8.GetString(input), [], () => { })),
    ];

    [Theory]
    [InlineData("node-answer")]
    [InlineData("policy-hujson")]
    public void Damaged_input_does_no_harm(string name)
    {
        var iterations = long.Parse(Environment.GetEnvironmentVariable("FAIRLEAD_FUZZ_ITERATIONS") ?? "2000", System.Globalization.CultureInfo.InvariantCulture);

        var report = FuzzRunner.Run(Targets.Single(target => target.Name == name), new FuzzOptions { Iterations = iterations });

        Assert.Empty(report.Failures);
        Assert.Equal(iterations, report.Iterations);
    }

    private sealed class Target(string name, byte[][] seeds, Action<byte[]> decode) : IFuzzTarget
    {
        public string Name => name;

        public IEnumerable<byte[]> Seeds => seeds;

        public void Run(ReadOnlySpan<byte> input)
        {
            try
            {
                decode(input.ToArray());
            }
            catch (Exception e) when (e is FormatException or ApiRefusal or ArgumentException { InnerException: ApiRefusal } || (e is ArgumentException && e.Message.StartsWith("Invalid policy file", StringComparison.Ordinal)))
            {
                // What the decoders document.
            }
        }
    }
}
