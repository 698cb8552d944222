using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Targets;
using Fairlead.Tailnet.Names;

namespace Fairlead.Proxy.Tests.Targets;

public sealed class DnsServerResolverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_of_both_families_are_found_behind_an_alias()
    {
        var addresses = new Dictionary<DnsType, IPAddress> { [DnsType.A] = IPAddress.Parse("127.64.0.9"), [DnsType.Aaaa] = IPAddress.Parse("fd00::9") };
        using var server = new ScriptedDnsServer(query => query.Reply(
            DnsResponseCode.NoError, [DnsRecord.ForAddress("behind.the.alias", addresses[query.Question.Type], 5)], authoritative: true));

        var found = await new DnsServerResolver(server.Address).ResolveAsync("DB.Default.svc.cluster.local.", Stop);

        Assert.Equal(addresses.Values, found);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_addresses()
    {
        using var server = ScriptedDnsServer.Knowing("web.default.svc.cluster.local", IPAddress.Loopback);

        Assert.Empty(await new DnsServerResolver(server.Address).ResolveAsync("api.default.svc.cluster.local", Stop));
    }

    [Theory]
    [InlineData("db", "db.default.svc.cluster.local", "db.svc.cluster.local", "db")]
    [InlineData("DB.other", "db.other.default.svc.cluster.local", "db.other.svc.cluster.local", "db.other")]
    [InlineData("a.b.c.d.e.f", "a.b.c.d.e.f", "a.b.c.d.e.f.default.svc.cluster.local", "a.b.c.d.e.f.svc.cluster.local")]
    [InlineData("db.default.svc.cluster.local.", "db.default.svc.cluster.local")]
    public async Task Short_names_are_looked_for_in_each_domain_of_the_search_list(string name, params string[] asked)
    {
        var questions = new ConcurrentQueue<string>();
        using var server = new ScriptedDnsServer(query =>
        {
            questions.Enqueue(query.Question.Name);
            return query.Reply(DnsResponseCode.NameError, [], authoritative: true);
        });

        Assert.Empty(await new DnsServerResolver(server.Address, ["default.svc.cluster.local", "svc.cluster.local"]).ResolveAsync(name, Stop));

        Assert.Equal(asked, questions.Distinct());
    }

    [Fact]
    public async Task The_first_domain_that_knows_a_short_name_is_the_last_one_asked()
    {
        using var server = ScriptedDnsServer.Knowing("db.other.svc.cluster.local", IPAddress.Loopback);

        var found = await new DnsServerResolver(server.Address, ["default.svc.cluster.local", "svc.cluster.local", "unheard.example"]).ResolveAsync("db.other", Stop);

        Assert.Equal([IPAddress.Loopback], found);
    }

    [Fact]
    public async Task A_server_that_cannot_answer_is_told_from_one_that_says_no()
    {
        using var server = new ScriptedDnsServer(query => query.Reply(DnsResponseCode.ServerFailure, [], authoritative: false));

        var error = await Assert.ThrowsAsync<SocketException>(() => new DnsServerResolver(server.Address).ResolveAsync("web", Stop));

        Assert.Contains("answers ServerFailure for web", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_to_other_questions_are_passed_over()
    {
        using var server = new ScriptedDnsServer(query => query.Question.Type == DnsType.Aaaa
            ? query.Reply(DnsResponseCode.NoError, [], authoritative: true)
            : (query with { Id = (ushort)(query.Id + 1) }).Reply(DnsResponseCode.NoError, [DnsRecord.ForAddress("web", IPAddress.Loopback, 5)], authoritative: true));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DnsServerResolver(server.Address).ResolveAsync("web", limit.Token));
    }
}
