using System.Net;
using Fairlead.Proxy.Managed;

namespace Fairlead.Proxy.Tests.Managed;

public sealed class FlowTableTests
{
    private readonly List<string> _ended = [];
    private readonly FlowTable<string> _flows;

    public FlowTableTests() => _flows = new FlowTable<string>(2, _ended.Add);

    [Fact]
    public void A_flow_for_which_there_is_no_room_displaces_the_one_that_was_used_least_lately()
    {
        _flows.Put(Client(1), "one");
        _flows.Put(Client(2), "two");
        Assert.Equal("one", _flows.Use(Client(1)));

        _flows.Put(Client(3), "three");

        Assert.Equal(["two"], _ended);
        Assert.Null(_flows.Use(Client(2)));
        Assert.Equal("one", _flows.Use(Client(1)));
    }

    [Fact]
    public void The_end_of_a_flow_that_was_replaced_leaves_the_one_in_its_place()
    {
        _flows.Put(Client(1), "before");
        _flows.Put(Client(1), "after");

        _flows.Remove(Client(1), "before");
        Assert.Equal(["before"], _ended);
        Assert.Equal("after", _flows.Use(Client(1)));

        _flows.Remove(Client(1), "after");
        Assert.Null(_flows.Use(Client(1)));
    }

    private static IPEndPoint Client(int port) => new(IPAddress.Loopback, port);
}
