//! The door: connections of clients come in here, are served, and end.
//!
//! In:  a listener, the router, the node. Out: requests answered, until the node is asked to end.
//! Invariant: no connection stands for ever: one that does nothing, or sends half a request, is closed after a time,
//! earlier when nobody has shown a key on it; `hall` says which go first where there is no room.

mod body;
mod hall;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use body::Watched;
use hall::{Hall, Seat};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;
use web::Node;

/// Between two attempts to take a connection where there is no descriptor for it.
const PAUSE: Duration = Duration::from_millis(200);
/// How often connections are looked through.
const ROUND: Duration = Duration::from_secs(1);

/// Serves whoever connects, at most so many at once, until the node is asked to end; then those who are served yet.
pub(crate) async fn open(listener: TcpListener, router: Router, node: Node, most: usize) {
    let hall = Arc::new(Hall::new(most));
    let mut served = JoinSet::new();
    let mut round = tokio::time::interval(ROUND);
    loop {
        let came = tokio::select! {
            came = listener.accept() => came,
            _ = round.tick() => {
                hall.look_around();
                continue;
            }
            Some(_) = served.join_next() => continue,
            () = node.stopped() => break,
        };
        match came {
            Ok((stream, peer)) => {
                if let Some(seat) = hall.enter() {
                    served.spawn(serve(Client { stream, peer }, router.clone(), seat, node.clone()));
                }
            }
            Err(error) if is_of_the_client(error.kind()) => {}
            Err(error) => {
                tracing::error!("no connection can be taken: {error}");
                hall.make_room();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    while served.join_next().await.is_some() {}
}

/// Whether a connection that was about to come in went away by itself.
fn is_of_the_client(kind: ErrorKind) -> bool {
    [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset].contains(&kind)
}

/// Who connected, and from where.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
}

/// Serves one connection until it ends, or is sent away.
async fn serve(client: Client, router: Router, seat: Seat, node: Node) {
    let Client { stream, peer } = client;
    let seat = Arc::new(seat);
    let answering = seat.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        answer(request, router.clone(), answering.clone())
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(hall::IDLE_OF_KNOWN);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let mut is_ending = false;
    loop {
        tokio::select! {
            // How a connection ended is of no interest to anybody here: its requests are logged.
            _ = connection.as_mut() => return,
            () = seat.sent_away() => return,
            () = node.stopped(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Answers one request; the seat is busy until the body of the answer is gone.
async fn answer(
    mut request: Request,
    router: Router,
    seat: Arc<Seat>,
) -> Result<hyper::Response<Watched>, Infallible> {
    seat.begins();
    request.extensions_mut().insert(seat.guest());
    let response = router.oneshot(request).await;
    response.map(|it| it.map(|body| Watched::new(body, seat)))
}
