using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class RepeatTests
{
    private const string Stored = """{"metadata":{"name":"web","namespace":"shop"}}""";

    private static readonly ObjectKey Web = new("shop", "web");
    private static readonly Service New = new() { Metadata = new() { Name = "web", Namespace = "shop" } };

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_request_that_was_turned_away_is_repeated_after_the_wait_asked_for_even_a_creation(int status)
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(status, "Busy"), status, headers: ("Retry-After", "0")).Answer(Stored, 201);
        using var client = server.Client();

        await client.For(KubernetesResources.Services).CreateAsync(New, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_creation_that_may_have_happened_is_not_repeated()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(500, "InternalError"), 500, headers: ("Retry-After", "0"))
            .Answer(context => { context.Abort(); return Task.CompletedTask; });
        using var client = server.Client();
        var services = client.For(KubernetesResources.Services);

        await Assert.ThrowsAsync<KubernetesApiException>(() => services.CreateAsync(New, cancellationToken: TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<KubernetesConnectionException>(() => services.CreateAsync(New, cancellationToken: TestContext.Current.CancellationToken));

        Assert.True(error.RequestMayHaveArrived);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_read_is_repeated_when_the_connection_breaks()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(context => { context.Abort(); return Task.CompletedTask; }).Answer(Stored);
        using var client = server.Client();

        Assert.Equal("web", (await client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken)).Metadata.Name);
    }

    [Fact]
    public async Task Repeats_are_bounded()
    {
        await using var server = await AnsweringServer.StartAsync();
        for (var i = 0; i < 10; i++)
            server.Answer(AnsweringServer.Failure(429, "TooManyRequests"), 429, headers: ("Retry-After", "0"));

        using var client = server.Client(new KubernetesClientOptions { MaxAttempts = 3 });

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.True(error.IsTooManyRequests);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_wait_beyond_the_time_limit_is_left_to_the_caller()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(429, "TooManyRequests"), 429, headers: ("Retry-After", "120"));
        using var client = server.Client();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.Equal(TimeSpan.FromSeconds(120), error.RetryAfter);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_named()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = server.Client(new KubernetesClientOptions { RequestTimeout = TimeSpan.FromMilliseconds(300) });

        var error = await Assert.ThrowsAsync<KubernetesConnectionException>(() => client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.Contains($"{server.Address.Authority} did not answer within 0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_and_nothing_was_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"https://{listener.LocalEndpoint}");
        listener.Stop();
        using var client = new KubernetesClient(new() { Server = address }, new KubernetesClientOptions { MaxAttempts = 2 });

        var error = await Assert.ThrowsAsync<KubernetesConnectionException>(() => client.For(KubernetesResources.Services).CreateAsync(New, cancellationToken: TestContext.Current.CancellationToken));

        Assert.False(error.RequestMayHaveArrived);
        Assert.Contains($"{address.Authority} cannot be reached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_is_counted_by_verb_resource_and_code()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(429, "TooManyRequests"), 429, headers: ("Retry-After", "0")).Answer(Stored);
        using var client = server.Client();
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument is { Meter.Name: "Fairlead.Kubernetes", Name: "kubernetes.client.requests" })
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var text = string.Join(' ', tags.ToArray().Select(tag => tag.Value));
            lock (counted)
                counted.Add(text);
        });
        listener.Start();

        await client.For(KubernetesResources.EndpointSlices).GetAsync(Web, TestContext.Current.CancellationToken);

        lock (counted)
            Assert.Equal(["get endpointslices.discovery.k8s.io 429", "get endpointslices.discovery.k8s.io 200"], counted.Where(text => text.Contains("endpointslices", StringComparison.Ordinal)));
    }
}
